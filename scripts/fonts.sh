#!/bin/sh
# Makes the fonts under assets/fonts from Debian's fonts-noto-cjk: subsets of Noto Sans CJK SC,
# OpenType (CFF) for the screen, TrueType for PDF pages and for receipts drawn as pictures.
# Of the signs which that font has not, ₹ ⅓ ⅔ come from the Noto Sans that Fyne bundles (same licence), and ฿ is its B
# with two strokes.
# Needs: apt-get install fonts-noto-cjk python3-fonttools, and go. Takes half a minute.
set -eu
cd "$(dirname "$0")/.."
out=assets/fonts
src=${NOTO_CJK:-/usr/share/fonts/opentype/noto}
python=${PYTHON:-/usr/bin/python3}
latin=${NOTO_SANS:-$(go list -m -f '{{.Dir}}' fyne.io/fyne/v2)/theme/font}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$out"

"$python" - "$tmp/set.txt" <<'PY'
import sys

def rows(codec, first, last, low):
    for a in range(first, last + 1):
        for b in low:
            try:
                yield bytes([a, b]).decode(codec)
            except UnicodeDecodeError:
                pass

chars = set()
# GB 2312: the Chinese of the mainland, 6763 Han and the symbols of rows 1-9.
chars.update(rows("gb2312", 0xA1, 0xF7, range(0xA1, 0xFF)))
# Big5 level 1: the 5401 frequent traditional characters, for names of people and goods.
chars.update(rows("big5", 0xA4, 0xC6, list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF))))
# Characters beyond both that people are named with.
chars.update("镕堃喆犇羴龘玥珺珏琰璟翀翊昇昉曌祎禤赟彧彣甯媖嫚姮婳妤娴嫄婧妍嬿昳晅晗晞晟晙晔暐暻曦朊枘栩桉梽棪楠榕槿樾橦欤沄沅沚泓泠洺洹浠浥涵淏淼渼湉湜"
             "溆滢漪潆潞澍澔濛瀚灏烜烨焱焜煊煜熠燊燚爻玙玚玘玢玟玭珂珈珅珑珞珣珩珵琇琎琛琤瑀瑄瑗瑛瑭瑱瑢璇璐璠璞璨瓒畑皓皞盈睿砡砚祯祺禛禹稷竑竣筠箬篪"
             "粲綦綮羲翎翙翚翥聿胤脩芃芊芮苡苒茗荃荇莘莙菡萱葳蓁蔓薇蕙蘅虓蜜衎裎襄觐訢誉謇豫贇赪跻轩辂迤逖邈郗郜郦酆钊钰钲钺铄铎铖铠锃锟锴镝镱闫阗陟隽雯霁霖霏靓靖鞠韫韬颀颉颢飏馥骁骅骐骞骢骥鹄鹓麒黛"
             "㛃㻏㵑堀峯峰崟嵘嵩巍庚彤忞怡恺悰惇愔憬懿捷旻旸晢槑歆泩洢湲滟瑆璈祐頔頫頠飚髙鵾")
blocks = [
    (0x20, 0x7E), (0xA0, 0x24F),          # Latin with its accents (Vietnamese below)
    (0x1EA0, 0x1EF9), (0x370, 0x3FF), (0x400, 0x45F),
    (0x2010, 0x205E), (0x2070, 0x209F), (0x20A0, 0x20C0),
    (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x266F), (0x2700, 0x27BF),
    (0x3000, 0x30FF), (0xFF00, 0xFFEF),
]
for a, b in blocks:
    chars.update(chr(c) for c in range(a, b + 1))
with open(sys.argv[1], "w", encoding="utf-8") as f:
    f.write("".join(sorted(chars)))
PY

for weight in Regular Bold; do
  otf=$out/NotoSansSC-$weight.otf
  # Face 2 of the collection is Simplified Chinese.
  "$python" -m fontTools.subset "$src/NotoSansCJK-$weight.ttc" --font-number=2 --text-file="$tmp/set.txt" \
    --layout-features=ccmp,kern,liga,mark,mkmk --no-hinting --desubroutinize \
    --drop-tables+=vhea,vmtx,VORG,BASE --name-IDs='*' --output-file="$otf"
  "$python" - "$otf" "$latin/NotoSans-$weight.ttf" <<'PY'
import sys
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

font, more = TTFont(sys.argv[1]), TTFont(sys.argv[2])
top = font["CFF "].cff.topDictIndex[0]
own, other, cmap = font.getGlyphSet(), more.getGlyphSet(), more.getBestCmap()
b = font.getBestCmap()[ord("B")]
fd = top.FDSelect[font.getGlyphID(b)]
private = top.FDArray[fd].Private
order = font.getGlyphOrder()

def add(code, outline, advance):
    name = "cid%05d" % (max(int(n[3:]) for n in order if n.startswith("cid")) + 1)
    pen = T2CharStringPen(advance - private.nominalWidthX, None)
    outline.replay(pen)
    order.append(name)
    if top.charset is not order:
        top.charset.append(name)
    top.CharStrings.charStrings[name] = len(top.CharStrings.charStringsIndex)
    top.CharStrings.charStringsIndex.append(pen.getCharString(private, top.CharStrings.globalSubrs))
    top.FDSelect.gidArray.append(fd)
    font["hmtx"][name] = (advance, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name

for code in (0x20B9, 0x2153, 0x2154):
    if code not in font.getBestCmap():
        outline = DecomposingRecordingPen(other)
        other[cmap[code]].draw(outline)
        add(code, outline, more["hmtx"][cmap[code]][0])

outline = DecomposingRecordingPen(own)
own[b].draw(outline)
advance = own[b].width
stroke = 60 if "Regular" in sys.argv[1] else 95
middle = advance * 0.47
for low, high in ((-95, 0), (733, 828)):
    outline.moveTo((middle - stroke / 2, low))
    for point in ((middle + stroke / 2, low), (middle + stroke / 2, high), (middle - stroke / 2, high)):
        outline.lineTo(point)
    outline.closePath()
add(0x0E3F, outline, advance)
font["maxp"].numGlyphs = len(order)
font.save(sys.argv[1])
PY
  "$python" - "$otf" "$out/NotoSansSC-$weight.ttf" <<'PY'
import sys
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

font = TTFont(sys.argv[1])
order = font.getGlyphOrder()
glyphs = font.getGlyphSet()
quadratic = {}
for name in order:
    pen = TTGlyphPen(glyphs)
    # Outlines of TrueType run the other way round than those of CFF; one unit of error is invisible at any size used.
    glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
    quadratic[name] = pen.glyph()
font["loca"] = newTable("loca")
font["glyf"] = glyf = newTable("glyf")
glyf.glyphOrder = order
glyf.glyphs = quadratic
maxp = font["maxp"]
maxp.tableVersion = 0x00010000
maxp.numGlyphs = len(order)
for field, value in dict(maxZones=1, maxTwilightPoints=0, maxStorage=0, maxFunctionDefs=0, maxInstructionDefs=0,
                         maxStackElements=0, maxSizeOfInstructions=0,
                         maxComponentElements=max((len(g.components) for g in quadratic.values() if hasattr(g, "components")), default=0)).items():
    setattr(maxp, field, value)
post = font["post"]
post.formatType = 3.0
for table in ("CFF ", "GSUB", "GPOS", "GDEF"):
    if table in font:
        del font[table]
font.sfntVersion = "\x00\x01\x00\x00"
font.save(sys.argv[2])
PY
done
ls -l "$out"
