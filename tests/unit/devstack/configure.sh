#!/bin/bash
# Has devstack write a tempest.conf with the plugin, and no cloud behind it:
# configure.sh DEVSTACK PLUGIN FOLDER [ENABLED-PLUGIN...]
#
# Everything that decides what is written runs as it is. In its place are only
# programs that install something or ask the cloud.
# shellcheck disable=SC1091,SC2004,SC2034 # Devstack is not here to be read.
set -o errexit

devstack=$1 checkout=$2 folder=$3
shift 3
name=multiattach-tempest-plugin

export HOST_IP=127.0.0.1 TMPDIR=$folder
source "$devstack/stackrc"
DEST=$folder
DATA_DIR=$folder/data
OSTESTIMAGES_DIR=$folder/images
STACK_USER=$(id -un)
enable_plugin $name "file://$checkout"
GITDIR[$name]=$checkout
for other in "$@"; do
    enable_plugin "$other" "file://$folder/$other"
done

function sudo {
    "$@"
}
function openstack {
    case "$*" in
        *"image list"*) echo "| 11111111 | cirros | qcow2 |";;
        *) echo 1;;
    esac
}
function setup_develop {
    :
}
function pip_install_gr {
    :
}
function git_clone {
    mkdir -p "$2"
}
function async_wait {
    :
}
function echo_summary {
    :
}
function tox {
    echo "$*" >> "$folder/tox.log"
}

mkdir -p "$folder/tempest"
TOP_DIR=$devstack
FILES=$devstack/files
SERVICE_HOST=$HOST_IP
TEMPEST_VENV_UPPER_CONSTRAINTS=/dev/null
KEYSTONE_SERVICE_URI_V3=http://$HOST_IP/identity/v3
ADMIN_PASSWORD=secret
PUBLIC_NETWORK_NAME=public
run_phase override_defaults
source "$TOP_DIR/lib/cinder"
run_phase source
run_phase stack test-config
echo "$DEVSTACK_SERIES" > "$folder/series"
