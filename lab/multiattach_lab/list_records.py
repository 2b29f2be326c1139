#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License. You may obtain
#    a copy of the License at
#
#         http://www.apache.org/licenses/LICENSE-2.0
#
#    Unless required by applicable law or agreed to in writing, software
#    distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
#    WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
#    License for the specific language governing permissions and limitations
#    under the License.

"""List what is in the databases of Nova and Cinder, as JSON.

``python -m multiattach_lab.list_records NOVA CINDER`` with the SQLAlchemy URL
of each. What the neighbour of a kind of cloud makes is left out.
"""

import json
import sys

import sqlalchemy

# What each row is, and a query of its id and of what it is called.
_NOVA = {
    'server': """SELECT uuid, display_name FROM instances
        WHERE deleted = 0 AND display_name <> 'neighbour'""",
    'volume of a server': """SELECT mapping.id, display_name
        FROM block_device_mapping AS mapping
        JOIN instances ON instances.uuid = instance_uuid
        WHERE mapping.deleted = 0 AND volume_id IS NOT NULL
        AND display_name <> 'neighbour'""",
}
_CINDER = {
    'volume': """SELECT id, display_name FROM volumes WHERE NOT deleted
        AND COALESCE(display_name, '') NOT LIKE 'neighbour%'""",
    'attachment': """SELECT attachment.id, display_name
        FROM volume_attachment AS attachment
        JOIN volumes ON volumes.id = volume_id
        WHERE NOT attachment.deleted
        AND COALESCE(display_name, '') NOT LIKE 'neighbour%'""",
    'snapshot': 'SELECT id, display_name FROM snapshots WHERE NOT deleted',
    'volume type': """SELECT id, name FROM volume_types WHERE NOT deleted
        AND name NOT LIKE 'neighbour%'""",
    'group': 'SELECT id, name FROM {groups} WHERE NOT deleted',
    'transfer': 'SELECT id, display_name FROM transfers WHERE NOT deleted',
    'quota': 'SELECT id, resource FROM quotas WHERE NOT deleted',
    'quota in use': """SELECT id, resource FROM quota_usages
        WHERE NOT deleted AND in_use <> 0""",
    'quota reserved': """SELECT id, resource FROM quota_usages
        WHERE NOT deleted AND reserved <> 0""",
    # Those below 0 reserve nothing. Cinder keeps what a retype that failed
    # would have given back, for a day.
    'reservation': """SELECT id, resource FROM reservations
        WHERE NOT deleted AND delta > 0""",
}


def rows(url, queries):
    """Run queries.

    :param url: SQLAlchemy URL of a database
    :param queries: {what a row is: SQL}
    :returns: list of [what it is, id, what it is called]
    """
    engine = sqlalchemy.create_engine(url)
    # MySQL has it as a word of its own.
    groups = engine.dialect.identifier_preparer.quote_identifier('groups')
    with engine.connect() as connection:
        return [[what, str(id_), name] for what, query in queries.items()
                for id_, name in connection.execute(
                    sqlalchemy.text(query.format(groups=groups)))]


def main(nova, cinder):
    """Print the rows.

    :param nova: SQLAlchemy URL of the database of Nova's only cell
    :param cinder: SQLAlchemy URL of Cinder's database
    """
    print(json.dumps([*rows(nova, _NOVA), *rows(cinder, _CINDER)]))


if __name__ == '__main__':
    main(*sys.argv[1:])
