#!/usr/bin/env python3
"""Makes assets/sounds: four short sounds that a cashier tells apart without looking.

added     one short beep           an item is in the sale
notfound  two low tones            the code is not known, or was not read whole
paid      three rising notes       the money is in
failed    one flat, rough tone     the payment did not go through

PCM, 16 bit, mono, 22 050 Hz.
"""
import math
import os
import struct
import wave

RATE = 22050
OUT = os.path.join(os.path.dirname(__file__), "..", "assets", "sounds")


def tone(hz, ms, volume=0.5, overtones=((1, 1.0), (2, 0.18))):
    n = RATE * ms // 1000
    attack, release = RATE * 4 // 1000, min(n // 2, RATE * 45 // 1000)
    weight = sum(w for _, w in overtones)
    for i in range(n):
        # A start or an end without a ramp is heard as a click.
        envelope = min(1.0, i / attack, (n - 1 - i) / release)
        yield volume * envelope * sum(w * math.sin(2 * math.pi * hz * k * i / RATE) for k, w in overtones) / weight


def rest(ms):
    return [0.0] * (RATE * ms // 1000)


ROUGH = ((1, 1.0), (2, 0.5), (3, 0.4), (5, 0.2))
SOUNDS = {
    "added": [tone(1760, 70)],
    "notfound": [tone(330, 130, 0.6, ROUGH), rest(60), tone(330, 130, 0.6, ROUGH)],
    "paid": [tone(784, 100), tone(988, 100), tone(1319, 210)],
    "failed": [tone(262, 420, 0.6, ROUGH)],
}

os.makedirs(OUT, exist_ok=True)
for name, parts in SOUNDS.items():
    with wave.open(os.path.join(OUT, name + ".wav"), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        for part in parts:
            w.writeframes(b"".join(struct.pack("<h", round(32767 * s)) for s in part))
