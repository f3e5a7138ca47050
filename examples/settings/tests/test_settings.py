import unittest
from unittest import mock

from settings import Store, parse_cfg
from settings.environment import overrides


class LoaderTest(unittest.TestCase):
    def test_comments_and_blank_lines_are_skipped(self):
        self.assertEqual(parse_cfg("# first\n\nname = demo\n"), {"name": "demo"})

    def test_a_line_without_a_sign_is_refused(self):
        with self.assertRaises(ValueError):
            parse_cfg("name")


class StoreTest(unittest.TestCase):
    def test_the_last_layer_wins(self):
        store = Store().add("port = 80").add("port = 8080")
        self.assertEqual(store.get("port"), "8080")

    def test_text_goes_through_the_loader(self):
        with mock.patch("settings.loader.parse_cfg", return_value={"a": "1"}) as loader:
            self.assertEqual(Store().add("anything").get("a"), "1")
        loader.assert_called_once_with("anything")


class EnvironmentTest(unittest.TestCase):
    def test_parts_are_separated_by_semicolons(self):
        self.assertEqual(overrides("a = 1; b = 2"), {"a": "1", "b": "2"})


if __name__ == "__main__":
    unittest.main()
