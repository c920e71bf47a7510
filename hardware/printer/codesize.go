package printer

import "guitai/till/receipt"

// qrBytes are the bytes a QR code of version 1, 2, ... holds in byte mode at
// level M (ISO/IEC 18004, table 7), up to the version that holds
// receipt.QRMax.
var qrBytes = [...]int{14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624}

// qrModules returns the modules on one side of the code for so many bytes.
func qrModules(n int) int {
	for i, most := range qrBytes {
		if n <= most {
			return 21 + 4*i
		}
	}
	return 21 + 4*len(qrBytes)
}

// barcodeModules returns the width of the native code in modules.
func barcodeModules(code receipt.Barcode) int {
	if code.Kind == receipt.EAN13 {
		return 95
	}
	return 11*(len(code.Data)+2) + 13
}
