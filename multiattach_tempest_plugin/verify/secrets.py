# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""Takes secrets out of whatever a report shows."""

import re

from oslo_utils import strutils

_MASK = '***'
# Keys whose whole value is secret, beside those that oslo.utils knows.
_KEY = (r'connection_info|connector|private_key|user_data|userData|'
        r'os-getVNCConsole|[\w-]*(?:token|password|passwd|secret|adminpass|'
        r'auth_key|encryption_key)[\w-]*')
_RULES = [
    # A mapping as JSON or as Python prints it, up to two levels deep.
    (re.compile(rf'''(["']?(?:{_KEY})["']?\s*[:=]\s*)'''
                r'\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*(?:\}|$)',
                re.IGNORECASE), rf'\1{_MASK}'),
    (re.compile(rf'''(["']?\b(?:{_KEY})["']?\s*[:=]\s*)'''
                r'''(?:u?"(?:[^"\\]|\\.)*"?|u?'(?:[^'\\]|\\.)*'?|'''
                r'[^\s,;&"\'{}\]]+)', re.IGNORECASE), rf'\1{_MASK}'),
    (re.compile(r'((?:Bearer|Basic)\s+)[\w.+/=-]+'), rf'\1{_MASK}'),
    # A private key, also one whose end was cut off.
    (re.compile(r'-----BEGIN [A-Z ]*PRIVATE KEY-----.*?'
                r'(?:-----END [A-Z ]*PRIVATE KEY-----|$)', re.DOTALL), _MASK),
    # Fernet tokens, and JSON web tokens.
    (re.compile(r'\bgAAAAA[\w=-]{20,}'), _MASK),
    (re.compile(r'\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*'), _MASK),
    (re.compile(r'(://[^\s/:@]*:)[^\s/@]+(?=@)'), rf'\1{_MASK}'),
]


def mask(value):
    """Return something without the secrets in its texts.

    :param value: what JSON can hold
    """
    if isinstance(value, dict):
        return {key: _MASK if re.fullmatch(_KEY, str(key), re.IGNORECASE)
                else mask(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [mask(entry) for entry in value]
    if not isinstance(value, str):
        return value
    for rule, replacement in _RULES:
        value = rule.sub(replacement, value)
    return strutils.mask_password(value, secret=_MASK)
