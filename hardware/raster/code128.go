package raster

// code128 are the widths of bars and spaces of the symbols of Code 128
// (ISO/IEC 15417, table 1), three of each, in modules.
var code128 = [...]string{
	"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212", "112232",
	"122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",
	"321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311",
	"211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",
	"213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422",
	"121124", "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111",
	"241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141", "214121",
	"412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
	"211214", "211232",
}

const (
	startB      = 104
	stopPattern = "2331112"
)

// Bars returns the modules of a Code 128 symbol, bars true, without the quiet
// zones of ten modules at both ends. It is empty for a text that is not
// printable ASCII.
func Bars(text string) []bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return nil
		}
	}
	return setB(text)
}

// setB returns the modules of a Code 128 symbol, bars true, in set B alone:
// that is how printers are told to print it, so a picture is as wide as the
// printed code. data is printable ASCII.
func setB(data string) []bool {
	var out []bool
	add := func(pattern string) {
		for i, w := range pattern {
			for range w - '0' {
				out = append(out, i%2 == 0)
			}
		}
	}
	add(code128[startB])
	sum := startB
	for i := range len(data) {
		value := int(data[i] - ' ')
		sum += (i + 1) * value
		add(code128[value])
	}
	add(code128[sum%103])
	add(stopPattern)
	return out
}
