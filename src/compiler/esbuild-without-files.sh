#!/bin/sh
# Becomes the program named by SLUICE_ESBUILD, with no environment and as many descriptors as it takes to start
# (SLUICE_DESCRIPTORS): whatever a script makes it look for, it opens no file, folder or connection, and writes nothing.
# What make and others hand down to all that they start would take the places of its own.
exec 3>&- 4>&-
ulimit -c 0 && ulimit -f 0 && ulimit -n "$SLUICE_DESCRIPTORS" && exec env -i "$SLUICE_ESBUILD" "$@"
