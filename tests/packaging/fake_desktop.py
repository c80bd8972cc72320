#!/usr/bin/python3
"""A desktop that is dark, and shows notifications by writing them down.   fake_desktop.py NOTIFICATIONS-FILE

Owns the names of the portal and of the notification server on the session's bus, says "ready" when it does, and turns light on SIGUSR1."""
import signal
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
NOTICES = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
INTERFACES = Gio.DBusNodeInfo.new_for_xml("""<node>
<interface name="org.freedesktop.portal.Settings">
  <method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
</interface>
<interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
</interface>
</node>""").interfaces
GROUP, KEY = "org.freedesktop.appearance", "color-scheme"
scheme = 1  # dark


def called(_bus, _sender, _path, _interface, method, arguments, invocation):
    asked = arguments.unpack()
    if method == "Read" and asked == (GROUP, KEY):
        invocation.return_value(GLib.Variant("(v)", (GLib.Variant("v", GLib.Variant("u", scheme)),)))  # one in another, as portals do
    elif method == "Notify":
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(f"{asked[3]} | {asked[4]} | {','.join(asked[5])} | {asked[6].get('desktop-entry', '')}\n")
        invocation.return_value(GLib.Variant("(u)", (asked[1] or 7,)))
    elif method == "GetCapabilities":
        invocation.return_value(GLib.Variant("(as)", (["body", "actions"],)))
    elif method == "GetServerInformation":
        invocation.return_value(GLib.Variant("(ssss)", ("fake", "test", "1", "1.2")))
    elif method == "CloseNotification":
        invocation.return_value(None)
    else:
        invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "there is no such setting")


def turn_light():
    global scheme
    scheme = 2
    bus.emit_signal(None, PORTAL[1], INTERFACES[0].name, "SettingChanged", GLib.Variant("(ssv)", (GROUP, KEY, GLib.Variant("u", scheme))))
    return True


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
for (name, path), interface in zip((PORTAL, NOTICES), INTERFACES):
    bus.register_object(path, interface, called)
    Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, None, None)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, turn_light)
GLib.idle_add(lambda: print("ready", flush=True))
GLib.MainLoop().run()
