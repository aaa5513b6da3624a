#!/bin/sh
# Entrypoint of the image: `serve order` and `khaacho serve order` are the same, a path runs as it is.
set -eu
case "${1:-}" in
    khaacho | /*) ;;
    *) set -- khaacho "$@" ;;
esac
exec "$@"
