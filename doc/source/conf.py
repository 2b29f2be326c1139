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

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'ext'))

extensions = [
    'actions',
    'claims',
    'cliff.sphinxext',
    'costs',
    'formatting',
    'kinds',
    'known_gaps',
    'losses',
    'openstackdocstheme',
    'oslo_config.sphinxext',
    'scores',
    'stability',
]
autoprogram_cliff_application = 'multiattach-lab'
autoprogram_cliff_app_dist_name = 'multiattach-lab'

project = 'multiattach-tempest-plugin'
copyright = '2026, OpenStack Developers'

html_theme = 'openstackdocs'
html_static_path = ['_static']
html_css_files = ['pages.css']
pygments_style = 'native'
