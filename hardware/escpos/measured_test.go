//go:build judges

package escpos_test

import (
	"image"
	"image/color"
	"math"

	"guitai/till/receipt"
)

// measured is the receipt that is measured against other encoders: twenty
// lines of text on 80 mm, and where it is full a grey logo and a QR code.
func measured(full bool) receipt.Document {
	item := func(name, qty, price, amount string) receipt.Block {
		return receipt.Columns{Cells: []receipt.Cell{
			{Text: name, Weight: 24}, {Text: qty, Weight: 6, Align: receipt.Right},
			{Text: price, Weight: 8, Align: receipt.Right}, {Text: amount, Weight: 10, Align: receipt.Right},
		}}
	}
	center := func(text string) receipt.Block { return receipt.Line{Text: text, Align: receipt.Center} }
	head := item("品名", "数量", "单价", "金额").(receipt.Columns)
	head.Bold = true
	due := receipt.Pair("应收", "135.00")
	due.Bold, due.Size = true, receipt.Tall
	var blocks []receipt.Block
	if full {
		blocks = append(blocks, receipt.Logo{Name: "measured", Image: measuredLogo()})
	}
	blocks = append(blocks,
		receipt.Line{Text: "旺角便利店", Align: receipt.Center, Size: receipt.Double, Bold: true},
		center("地址：上海市黄浦区南京东路100号"), center("电话：021-12345678"),
		receipt.Pair("单号：20261122-000123", "收银员：王小明"), receipt.Pair("时间：2026-11-22 18:05:33", "机号：01"),
		receipt.Rule{}, head, receipt.Rule{},
		item("农夫山泉矿泉水 550ml", "2", "2.00", "4.00"), item("康师傅红烧牛肉面 五连包", "1", "13.50", "13.50"),
		item("蒙牛纯牛奶 250ml×12", "1", "39.90", "39.90"), item("德芙丝滑牛奶巧克力 43g", "3", "7.50", "22.50"),
		item("红富士苹果（散称）", "0.756", "11.96", "9.04"), item("清风抽纸 3包", "1", "9.90", "9.90"),
		item("旺仔小馒头", "2", "4.50", "9.00"), item("青岛啤酒 500ml", "6", "5.50", "33.00"),
		receipt.Rule{}, receipt.Pair("合计（8件）", "140.84"), receipt.Pair("会员折扣", "-5.84"), due,
		receipt.Pair("微信支付", "135.00"), receipt.Pair("找零", "0.00"), receipt.Rule{}, center("谢谢惠顾，欢迎再次光临！"))
	if full {
		blocks = append(blocks, receipt.QR{Payload: "https://example.com/r/20261122-000123?k=9f2c71aa"})
	}
	return receipt.Document{Lang: "zh-Hans", Blocks: append(blocks, receipt.Cut{})}
}

// drawn is a picture by a formula of its dots.
func drawn(width, height int, grey func(x, y float64) float64) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetGray(x, y, color.Gray{Y: uint8(math.Round(min(max(grey(float64(x), float64(y)), 0), 255)))})
		}
	}
	return m
}

// measuredLogo has a ring, a grey disc, a bar and a ramp.
func measuredLogo() *image.Gray {
	return drawn(240, 80, func(x, y float64) float64 {
		d := math.Hypot(x-40, y-40)
		switch {
		case d > 30 && d < 38, x > 90 && y > 18 && y < 34:
			return 0
		case d < 22:
			return 90
		case x > 90 && y > 44 && y < 62:
			return 255 * (x - 90) / 150
		}
		return 255
	})
}

// measuredPhoto is a ramp with rings over it, as wide as 80 mm paper.
func measuredPhoto() *image.Gray {
	return drawn(576, 576, func(x, y float64) float64 {
		return x/575*200 + 55*(0.5+0.5*math.Sin(math.Hypot(x-288, y-288)/9))
	})
}
