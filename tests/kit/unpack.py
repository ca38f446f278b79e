#!/usr/bin/python3
"""Unpacks a corpus once. Usage: unpack.py ARCHIVE.tar.gz FOLDER

Does nothing when FOLDER holds what this archive gave before; exits 77 (skipped) when there is no archive."""
import pathlib
import shutil
import sys
import tarfile

archive, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
if not archive.exists():
    print("no-shared:", archive)
    sys.exit(77)
mark, state = folder / ".unpacked", f"{archive.stat().st_size} {archive.stat().st_mtime_ns}"
if mark.exists() and mark.read_text() == state:
    sys.exit(0)
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
with tarfile.open(archive) as tar:
    tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder)
mark.write_text(state)
