package till

// A slipWord is one word of the paper, in Chinese and in English.
type slipWord struct{ zh, en string }

// The words on paper. Screens have a table of their own.
var (
	wordReceipt   = slipWord{"销售小票", "RECEIPT"}
	wordReturn    = slipWord{"退货凭证", "RETURN"}
	wordPostVoid  = slipWord{"整单作废", "POST-VOID"}
	wordPractice  = slipWord{"练习，不是收据", "PRACTICE, NOT A RECEIPT"}
	wordZ         = slipWord{"交班单", "SHIFT REPORT (Z)"}
	wordX         = slipWord{"中途对账单", "TOTALS SO FAR (X)"}
	wordTest      = slipWord{"测试页", "TEST PAGE"}
	wordPay       = slipWord{"扫码付款", "SCAN TO PAY"}
	wordTaxID     = slipWord{"税号", "Tax ID"}
	wordPhone     = slipWord{"电话", "Phone"}
	wordTill      = slipWord{"%s 号机", "Till %s"}
	wordItem      = slipWord{"品名", "Item"}
	wordQty       = slipWord{"数量", "Qty"}
	wordPrice     = slipWord{"单价", "Price"}
	wordAmount    = slipWord{"金额", "Amount"}
	wordTaxMark   = slipWord{"税", "T"}
	wordWas       = slipWord{"原价", "was"}
	wordOff       = slipWord{"优惠", "Discount"}
	wordPieces    = slipWord{"件数", "Items"}
	wordSubtotal  = slipWord{"小计", "Subtotal"}
	wordTaxAdded  = slipWord{"加税", "Tax added"}
	wordRounding  = slipWord{"抹零", "Rounding"}
	wordTotal     = slipWord{"合计", "TOTAL"}
	wordTendered  = slipWord{"实收", "Tendered"}
	wordChange    = slipWord{"找零", "Change"}
	wordRef       = slipWord{"参考号", "Ref"}
	wordTrace     = slipWord{"流水号", "Trace"}
	wordTerminal  = slipWord{"终端", "Terminal"}
	wordCardSlip  = slipWord{"刷卡机小票", "Card terminal slip"}
	wordApproval  = slipWord{"授权号", "Approval"}
	wordByCashier = slipWord{"收银员确认", "Confirmed by cashier"}
	wordImported  = slipWord{"导入，未核对", "Imported, not verified"}
	wordTaxRate   = slipWord{"税率", "Rate"}
	wordTaxNet    = slipWord{"净额", "Net"}
	wordTax       = slipWord{"税额", "Tax"}
	wordTaxIn     = slipWord{"含税合计", "Tax included"}
	wordTaxSum    = slipWord{"税额合计", "Tax total"}
	wordKeepSlip  = slipWord{"退换货请带小票", "Please bring this slip for returns"}
	wordOfSale    = slipWord{"原单", "Sale"}
	wordNoReceipt = slipWord{"无小票", "without receipt"}
	wordRefunded  = slipWord{"退款", "REFUND"}
	wordReason    = slipWord{"原因", "Reason"}
	wordSignature = slipWord{"顾客签名", "Signature"}
	wordShift     = slipWord{"班次", "Shift"}
	wordDay       = slipWord{"营业日", "Business day"}
	wordZNo       = slipWord{"Z 号", "Z no."}
	wordSales     = slipWord{"单数", "Sales"}
	wordGross     = slipWord{"销售", "Gross"}
	wordRefunds   = slipWord{"退款", "Refunds"}
	wordNet       = slipWord{"净销售", "Net"}
	wordVoids     = slipWord{"删行", "Lines voided"}
	wordCancelled = slipWord{"取消单", "Sales cancelled"}
	wordNoSales   = slipWord{"开钱箱", "Drawer opened"}
	wordReceipts  = slipWord{"小票号", "Receipts"}
	wordTender    = slipWord{"方式", "Tender"}
	wordCount     = slipWord{"笔", "No."}
	wordUnproved  = slipWord{"未核实", "Unverified"}
	wordFloat     = slipWord{"备用金", "Float"}
	wordCashSales = slipWord{"现金净收", "Cash taken"}
	wordPaidIn    = slipWord{"存入", "Paid in"}
	wordPaidOut   = slipWord{"支出", "Paid out"}
	wordDrop      = slipWord{"投库", "Drop to safe"}
	wordLoan      = slipWord{"补零钱", "Loan from safe"}
	wordNoSale    = slipWord{"开钱箱", "No sale"}
	wordExpected  = slipWord{"现金应有", "Expected"}
	wordCounted   = slipWord{"现金实点", "Counted"}
	wordOverShort = slipWord{"差额", "OVER/SHORT"}
	wordGrand     = slipWord{"累计净销售", "Grand total"}
	wordSeal      = slipWord{"封印", "Seal"}
	wordCashier   = slipWord{"收银", "Cashier"}
	wordManager   = slipWord{"店长", "Manager"}
	wordWidth     = slipWord{"每行字数", "Columns"}
	wordReadable  = slipWord{"上面的字、框线和码都清楚，打印机就设好了", "If text, rules and codes above are clear, the printer is set up"}
)

// tenderNames are the names of tender kinds and of the wallets and schemes in
// them.
var tenderNames = map[string]slipWord{
	"cash":       {"现金", "Cash"},
	"card":       {"银行卡", "Card"},
	"transfer":   {"转账", "Transfer"},
	"voucher":    {"代金券", "Voucher"},
	"on_account": {"记账", "On account"},
	"none":       {"无需付款", "Nothing to pay"},
	"foreign":    {"外币", "Foreign"},
	"qr":         {"收款码", "QR"},
	"wallet":     {"钱包", "Wallet"},

	"alipay":    {"支付宝", "Alipay"},
	"wechat":    {"微信支付", "WeChat Pay"},
	"wechatpay": {"微信支付", "WeChat Pay"},
	"unionpay":  {"云闪付", "UnionPay"},
	"jdpay":     {"京东支付", "JD Pay"},
	"baidu":     {"百度钱包", "Baidu Wallet"},
	"paypal":    {"PayPal", "PayPal"},
	"stripe":    {"Stripe", "Stripe"},
	"applepay":  {"Apple Pay", "Apple Pay"},
	"googlepay": {"Google Pay", "Google Pay"},

	"alipayplus": {"Alipay+", "Alipay+"},
	"shouqianba": {"收钱吧", "Shouqianba"},

	"pix":       {"PIX", "PIX"},
	"promptpay": {"PromptPay", "PromptPay"},
	"vietqr":    {"VietQR", "VietQR"},
	"paynow":    {"PayNow", "PayNow"},
	"sgqr":      {"SGQR", "SGQR"},
	"fps":       {"转数快", "FPS"},
	"qris":      {"QRIS", "QRIS"},
	"duitnow":   {"DuitNow", "DuitNow"},
	"epc":       {"SEPA", "SEPA"},
	"swiss":     {"Swiss QR", "Swiss QR"},
	"upi":       {"UPI", "UPI"},
}

// TenderName is a tender kind in words, in the language zh-Hans or en. A wallet
// or a scheme that no table has stands as the shop set it.
func TenderName(k TenderKind, language string) string {
	s := sheet{english: language == "en"}
	return s.tenderName(k)
}

// cashKindWords are the names of cash movements.
var cashKindWords = map[CashKind]slipWord{
	PaidIn: wordPaidIn, PaidOut: wordPaidOut, Drop: wordDrop, Loan: wordLoan, NoSale: wordNoSale,
}
