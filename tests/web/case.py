"""A portal of its own for the tests of a class."""
import shutil
import unittest

from kit.chancery import Chanceryd


class PortalCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Chanceryd()
        cls.setup_text = cls.daemon.init()
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls):
        status = cls.daemon.stop()
        shutil.rmtree(cls.daemon.folder, ignore_errors=True)
        shutil.rmtree(cls.daemon.sockets, ignore_errors=True)
        if status != 0:
            raise AssertionError(f"chanceryd ended with {status}")

    @classmethod
    def make(cls, target, body):
        return cls.daemon.rest("POST", target, body, expect=201).json
