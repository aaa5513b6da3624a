# Installs the given Debian packages without starting what they serve: the mesh runs private servers of its own.
set -eu
export DEBIAN_FRONTEND=noninteractive

# Read by the PostgreSQL package: no cluster of its own. Removed again, so that a later install behaves as usual.
clusters=/etc/postgresql-common/createcluster.d
# Read by every package: do not start services. A policy that is already there is left alone.
policy=/usr/sbin/policy-rc.d

made_policy=
undo() {
    rm -f "$clusters/khaacho.conf"
    [ -z "$made_policy" ] || rm -f "$policy"
}
trap undo EXIT

mkdir -p "$clusters"
echo 'create_main_cluster = false' > "$clusters/khaacho.conf"
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
fi

apt-get update --quiet
apt-get install --yes --quiet --no-install-recommends --option DPkg::Lock::Timeout=120 "$@"
