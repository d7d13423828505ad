#!/usr/bin/env bash
# Puts the RabbitMQ server of another Debian release into a folder, beside the one that is installed, and says how to test on it:
#   tools/scripts/rabbitmq-of-debian.sh trixie FOLDER     (trixie has RabbitMQ 4.0)
# Needs Linux, root and debootstrap. Nothing outside of FOLDER is changed; delete FOLDER to be rid of it.
set -euo pipefail

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

(($# == 2)) || fail "say which release and which folder, e.g. trixie /var/tmp/rabbitmq-4"
release=$1
folder=$(realpath -m "$2")
[[ $(id -u) == 0 ]] || fail "only root may make a root folder."
command -v debootstrap > /dev/null || fail "debootstrap is missing; apt-get install debootstrap"
[[ ! -e $folder ]] || fail "$folder is there already."

mkdir -p "$folder/bin"
debootstrap --variant=minbase --include=rabbitmq-server "$release" "$folder/root"

# What is started stays the same process, so that it can be killed; the folders of tests are in /tmp.
cat > "$folder/bin/rabbitmq-server" << EOF
#!/bin/sh
root='$folder/root'
exec unshare --mount sh -c "for each in tmp proc dev; do mount --rbind /\\\$each \$root/\\\$each || exit; done
  exec chroot \$root /usr/lib/rabbitmq/bin/rabbitmq-server"
EOF
chmod +x "$folder/bin/rabbitmq-server"
echo "RabbitMQ $(ls "$folder/root/usr/lib/rabbitmq/lib" | sed 's/rabbitmq_server-//'). Test on it with:"
echo "  mvn verify -pl adapter-rabbitmq -Danymq.brokers.rabbitmq.home=$folder"
