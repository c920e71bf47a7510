#!/usr/bin/env python3
"""Draws assets/icon.png, the picture of the program in menus and task bars, from assets/icon.svg.

Knows what that drawing uses: rectangles with round corners and paths of M, L and Z, filled, on a grid of 512.
"""
import math
import os
import re
import struct
import xml.etree.ElementTree as ET
import zlib

ASSETS = os.path.join(os.path.dirname(__file__), "..", "assets")
SIZE, SUB = 512, 8


def rectangle(a):
    x, y, w, h, r = (float(a.get(k, 0)) for k in ("x", "y", "width", "height", "rx"))

    def spans(at):
        if not y <= at < y + h:
            return []
        d = max(y + r - at, at - (y + h - r), 0)
        inset = r - math.sqrt(max(r * r - d * d, 0))
        return [(x + inset, x + w - inset)]

    return spans


def polygon(a):
    points = [tuple(map(float, p)) for p in re.findall(r"[ML]\s*([\d.]+)[ ,]([\d.]+)", a["d"])]

    def spans(at):
        cuts = []
        for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1]):
            if (y0 <= at) != (y1 <= at):
                cuts.append(x0 + (at - y0) * (x1 - x0) / (y1 - y0))
        cuts.sort()
        return list(zip(cuts[::2], cuts[1::2]))

    return spans


pixels = [[[0.0] * 4 for _ in range(SIZE)] for _ in range(SIZE)]
for shape in ET.parse(os.path.join(ASSETS, "icon.svg")).getroot():
    a = shape.attrib
    spans = (rectangle if shape.tag.endswith("rect") else polygon)(a)
    colour = [int(a["fill"][i:i + 2], 16) for i in (1, 3, 5)]
    for row in range(SIZE):
        cover = [0.0] * SIZE
        for sub in range(SUB):
            for x0, x1 in spans(row + (sub + 0.5) / SUB):
                for col in range(max(0, int(x0)), min(SIZE, math.ceil(x1))):
                    cover[col] += (min(x1, col + 1) - max(x0, col)) / SUB
        for col, c in enumerate(cover):
            if c > 0:
                p = pixels[row][col]
                alpha = c + p[3] * (1 - c)
                p[:3] = [(v * c + o * p[3] * (1 - c)) / alpha for v, o in zip(colour, p)]
                p[3] = alpha

raw = b"".join(b"\0" + bytes(round(v) for p in row for v in (p[0], p[1], p[2], p[3] * 255)) for row in pixels)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


with open(os.path.join(ASSETS, "icon.png"), "wb") as f:
    f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)))
    f.write(chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))
