#!/bin/bash
# Writes into tempest.conf where a cloud of devstack differs from the defaults
# of the plugin. What local.conf says for the phase test-config comes later.

# configure_multiattach_tempest_plugin() - Set options of Tempest
function configure_multiattach_tempest_plugin {
    # The types of devstack are bound to a backend each, and its multiattach
    # type to none. Cinder's default type is not either, so that a retype to
    # it leaves the volume in place.
    iniset "$TEMPEST_CONFIG" multiattach plain_volume_type __DEFAULT__
    # Cinder 28, of 2026.1, is the first that hides them (bug 2138566).
    if [[ "${DEVSTACK_SERIES/./}" -lt 20261 ]]; then
        iniset "$TEMPEST_CONFIG" multiattach \
            attachments_of_other_projects shown
    fi
    # Devstack says that libvirt can, but not for disks on Ceph. Then refusals
    # are tested, and no move.
    if [[ "$CINDER_ENABLED_BACKENDS" == *ceph* ]]; then
        iniset "$TEMPEST_CONFIG" compute-feature-enabled swap_volume False
    fi
}

if [[ "$1" == "stack" && "$2" == "test-config" ]]; then
    if is_service_enabled tempest; then
        configure_multiattach_tempest_plugin
    fi
fi
