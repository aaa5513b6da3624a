#!/bin/bash
# Health checks inside the image, which has no curl: `tcp PORT` is a listener, `http PORT PATH` a 200.
set -euo pipefail
exec 3<> "/dev/tcp/127.0.0.1/$2"
[ "$1" = http ] || exit 0
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$3" >&3
read -r -t 3 _ status _ <&3
[ "$status" = 200 ]
