package main

import "guitai/wallet/openqr"

// schemeWord is how the till calls a kind of payment code, and its plate.
type schemeWord struct {
	zh, en string
	glyph  string
	letter rune // the key that picks it while paying; 0 for none
	colour uint32
}

var schemeWords = map[openqr.Scheme]schemeWord{
	openqr.AlipayCode:    {"支付宝收款码", "Alipay static code", "支", 'A', 0x1668DC},
	openqr.WeChatCode:    {"微信收款码", "WeChat Pay static code", "微", 'W', 0x06803F},
	openqr.UnionPay:      {"银联云闪付收款码", "UnionPay code", "银", 'U', 0xC01C30},
	openqr.Link:          {"聚合收款码", "Aggregator code", "聚", 'Q', 0},
	openqr.EMVCo:         {"其他银行静态码", "Other static bank code", "码", 0, 0},
	openqr.FPS:           {"转数快", "FPS Hong Kong", "转", 'F', 0},
	openqr.PIX:           {"PIX（巴西）", "PIX (Brazil)", "P", 'P', 0},
	openqr.PromptPay:     {"PromptPay（泰国）", "PromptPay (Thailand)", "P", 'P', 0},
	openqr.PromptPayBill: {"PromptPay 账单（泰国）", "PromptPay bill (Thailand)", "B", 'B', 0},
	openqr.VietQR:        {"VietQR（越南）", "VietQR (Vietnam)", "V", 'V', 0},
	openqr.PayNow:        {"PayNow（新加坡）", "PayNow (Singapore)", "P", 'P', 0},
	openqr.QRIS:          {"QRIS（印尼）", "QRIS (Indonesia)", "Q", 'Q', 0},
	openqr.DuitNow:       {"DuitNow（马来西亚）", "DuitNow (Malaysia)", "D", 'D', 0},
	openqr.KHQR:          {"KHQR（柬埔寨）", "KHQR (Cambodia)", "K", 'K', 0},
	openqr.QRPh:          {"QR Ph（菲律宾）", "QR Ph (Philippines)", "Q", 'Q', 0},
	openqr.SEPA:          {"SEPA 转账", "SEPA transfer", "€", 'E', 0},
	openqr.SwissBill:     {"瑞士 QR 账单", "Swiss QR bill", "S", 'S', 0},
	openqr.UPI:           {"UPI（印度）", "UPI (India)", "U", 'U', 0},
}

// fieldWord names a field of a payment code for the person who fills it in.
type fieldWord struct{ zh, en, hintZH, hintEN string }

var fieldWords = map[string]fieldWord{
	"payee":    {"收款人", "Payee", "顾客的应用里会显示的名字", "The name the customer's app shows"},
	"city":     {"城市", "City", "用拉丁字母", "In Latin letters"},
	"code":     {"静态码内容", "The printed code", "用扫码枪扫店里贴的收款码", "Scan the shop's printed code"},
	"key":      {"PIX 密钥", "PIX key", "手机号、邮箱、CPF/CNPJ 或随机密钥", "Phone, e-mail, CPF/CNPJ or random key"},
	"info":     {"附言", "Note", "", ""},
	"iban":     {"IBAN 账号", "IBAN", "", ""},
	"bic":      {"BIC", "BIC", "欧元区内可不填", "Not needed within the euro area"},
	"purpose":  {"用途代码", "Purpose code", "", ""},
	"street":   {"街道", "Street", "", ""},
	"building": {"门牌", "Building number", "", ""},
	"zip":      {"邮编", "Postal code", "", ""},
	"country":  {"国家代码", "Country code", "两个字母，如 CH", "Two letters, such as CH"},
	"vpa":      {"UPI 账号", "UPI address", "如 shop@bank", "Such as shop@bank"},
	"mcc":      {"商户类别码", "Merchant category", "四位数字", "Four digits"},
	"note":     {"附言", "Note", "", ""},
	"id":       {"收款编号", "Proxy number", "", ""},
	"expiry":   {"有效期", "Expiry", "年月日，如 20271231", "Year, month, day: 20271231"},
	"biller":   {"账单编号", "Biller ID", "", ""},
	"ref1":     {"参考号 1", "Reference 1", "不填则用本单号", "The sale's number where empty"},
	"terminal": {"终端号", "Terminal", "", ""},
	"bin":      {"银行代码", "Bank code", "六位数字", "Six digits"},
	"account":  {"账号", "Account number", "", ""},
	"service":  {"服务代码", "Service code", "不填为转账到账号", "Transfer to account where empty"},
	"fps_id":   {"转数快识别码", "FPS identifier", "识别码、手机、邮箱三选一", "One of identifier, mobile, e-mail"},
	"mobile":   {"手机号", "Mobile", "如 +852-61234567", "Such as +852-61234567"},
	"email":    {"邮箱", "E-mail", "", ""},
	"bank":     {"银行编号", "Bank number", "三位数字", "Three digits"},
}

// schemeFieldWords are fields that mean something of their own in a scheme.
var schemeFieldWords = map[openqr.Scheme]map[string]fieldWord{
	openqr.PromptPay: {"id": {"PromptPay 编号", "PromptPay number", "手机号、身份证或电子钱包号", "Phone, national ID or e-wallet number"}},
	openqr.PayNow:    {"id": {"UEN 或手机号", "UEN or mobile", "如 201403121W 或 +6591234567", "Such as 201403121W or +6591234567"}},
}
