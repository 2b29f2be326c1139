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

"""Create empty databases; runs inside a release's environment.

``python -m multiattach_lab.create_databases URL NAME...``
"""

import sys

import sqlalchemy


def main(url, names):
    """Drop and create databases.

    :param url: SQLAlchemy URL of the server
    :param names: names of the databases
    :raises SystemExit: if the server does not let us
    """
    url = sqlalchemy.engine.make_url(url)
    if url.get_backend_name() == 'postgresql':
        url = url.set(database='postgres')
    engine = sqlalchemy.create_engine(url, isolation_level='AUTOCOMMIT')
    try:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f'DROP DATABASE IF EXISTS {name}')
                connection.exec_driver_sql(f'CREATE DATABASE {name}')
    except sqlalchemy.exc.DBAPIError as error:
        raise SystemExit(f'{url!r}: {error.orig}') from None


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
