"""A disk whose power can be cut: an ext4 image on a loop device.

The cut is the file system's own shutdown call: what was not synced is gone, what was synced stays. The writer must be
stopped (SIGSTOP) before, or an acknowledgement may pass between the shutdown and the kill and look like a loss.
"""
import os
import shutil
import subprocess
import time


class Unavailable(Exception):
    """The machine cannot mount images; the reason is the text."""


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout.strip()}")
    return done.stdout.strip()


class Disk:
    def __init__(self, folder, size_mib):
        self.image = os.path.join(folder, "disk.img")
        self.mount_point = os.path.join(folder, "disk")
        self.loop = ""
        self.mounted = False
        self._require()
        os.makedirs(self.mount_point, exist_ok=True)
        with open(self.image, "wb") as image:
            image.truncate(size_mib << 20)
        try:
            run("mkfs.ext4", "-q", "-F", self.image)
            self.loop = run("losetup", "--find", "--show", self.image)
            self.mount()
        except RuntimeError as error:
            self.remove()
            raise Unavailable(str(error)) from error

    @staticmethod
    def _require():
        if os.geteuid() != 0:
            raise Unavailable("mounting needs root")
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        for tool in ("mkfs.ext4", "losetup", "mount", "umount", "xfs_io"):
            if shutil.which(tool) is None:
                raise Unavailable(f"{tool} is not installed")

    def mount(self):
        run("mount", "-t", "ext4", self.loop, self.mount_point)
        self.mounted = True

    def cut_power(self, flush_log):
        """Shuts the file system down. `flush_log`: metadata that was not synced reaches the disk, data does not."""
        run("xfs_io", "-x", "-c", "shutdown -f" if flush_log else "shutdown", self.mount_point)

    def unmount(self):
        for _ in range(200):
            try:
                run("umount", self.mount_point)
                self.mounted = False
                return
            except RuntimeError:
                time.sleep(0.02)  # a killed process may still hold its files
        run("umount", self.mount_point)

    def remove(self, keep_image=False):
        if self.mounted:
            subprocess.run(("umount", "--lazy", self.mount_point), stderr=subprocess.DEVNULL)
            self.mounted = False
        if self.loop:
            subprocess.run(("losetup", "--detach", self.loop), stderr=subprocess.DEVNULL)
            self.loop = ""
        if os.path.exists(self.image) and not keep_image:
            os.remove(self.image)
