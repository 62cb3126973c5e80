"""The folder of a mirror on the disk: complete files, their checksums, the lock, and the trash."""
