#!/usr/bin/env python3
"""printerdb.py makes hardware/printer/testdata/printerdb.json, which the
printers' profiles are checked against, of dist/capabilities.json of
receipt-print-hq/escpos-printer-db (CC BY 4.0):

    scripts/printerdb.py CAPABILITIES.json

It keeps, of each model, the printable dots, the columns of font 0 and the
features that it has.
"""
import json
import pathlib
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
models = {}
for name, p in json.load(open(sys.argv[1], encoding="utf-8"))["profiles"].items():
    dots = p["media"].get("width", {}).get("pixels")
    models[name] = {
        "vendor": p["vendor"],
        "dots": dots if isinstance(dots, int) else 0,
        "columns": p["fonts"].get("0", {}).get("columns", 0),
        "features": sorted(f for f, has in p["features"].items() if has),
    }
out = pathlib.Path(__file__).parent.parent / "hardware/printer/testdata/printerdb.json"
rows = ",\n".join(f"  {json.dumps(n)}: {json.dumps(models[n], ensure_ascii=False)}" for n in sorted(models))
notice = ("Made by scripts/printerdb.py of escpos-printer-db by receipt-print-hq and its contributors, "
          "https://github.com/receipt-print-hq/escpos-printer-db, snapshot of 2026-07-27, licence CC BY 4.0, "
          "https://creativecommons.org/licenses/by/4.0/. Changed: most of it is left out.")
out.write_text('{\n"notice": ' + json.dumps(notice) + ',\n"models": {\n' + rows + "\n}\n}\n", encoding="utf-8")
