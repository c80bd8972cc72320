#!/usr/bin/python3
"""How light a screen is, 0 to 255.   lightness.py SCREEN-FILE-OF-XVFB"""
import struct
import sys

screen = open(sys.argv[1], "rb").read()
header = struct.unpack(">25I", screen[:100])  # as XWD has it
height, little_endian, bits, stride, colours = header[5], header[7] == 0, header[11], header[12], header[19]
assert bits == 32 and little_endian
begin = header[0] + colours * 12
# Blue, green, red, nothing; one pixel of a few in each of a few rows.
pixels = [screen[at : at + 3] for row in range(0, height, 7) for at in range(begin + row * stride, begin + (row + 1) * stride, 4 * 11)]
print(sum(b * 0.07 + g * 0.72 + r * 0.21 for b, g, r in pixels) // len(pixels))
