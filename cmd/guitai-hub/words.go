package main

import "guitai/cmd/internal/speech"

// words are one message in Chinese and in English.
type words struct{ zh, en string }

func (w words) in(lang string, args ...any) string { return speech.Pick(lang, w.zh, w.en, args...) }

var (
	errUsage  = words{"命令用法不对：%v。用法请看：guitai-hub --help", "wrong use: %v; see guitai-hub --help"}
	errFailed = words{"没有做成：%v", "it did not work: %v"}

	errOwnerTaken = words{"这个邮箱已有账户；要给新链接请用 owner reset", "the address has an account; owner reset gives it a new link"}
	errOwnerNone  = words{"没有这个邮箱的账户", "there is no account with this address"}

	sayServing   = words{"在 %s 等待收银机和浏览器", "waiting for tills and browsers at %s"}
	sayCert      = words{"证书是自己做的，指纹（SHA-256）：%s", "the certificate is self-made; its fingerprint (SHA-256): %s"}
	sayPlain     = words{"不加密：只能放在做 TLS 的代理后面", "without TLS: only behind a proxy that does it"}
	sayStopped   = words{"已停止；收到的都已保存", "stopped; everything that was taken is kept"}
	sayCode      = words{"一次性代码（15 分钟内有效）：%s\n在收银机上：guitaictl account enrol '%s' %s", "single-use code, good for 15 minutes: %s\nat the till: guitaictl account enrol '%s' %s"}
	sayInvited   = words{"设密码的链接（%[2]s 前有效，只能用一次）：\n%[1]s\n先用验证器扫这个二维码（只显示这一次）：\n%[3]s或输入密钥：%[4]s", "link to set the password, good once until %[2]s:\n%[1]s\nfirst scan this with an authenticator; it is shown this once:\n%[3]sor type the secret: %[4]s"}
	sayRemoved   = words{"%s 不能再登录了", "%s can no longer sign in"}
	sayDraft     = words{"草稿：新增 %d 个，改动 %d 个；用 catalog publish 发布", "draft: %d new, %d changed; catalog publish hands it out"}
	sayPublished = words{"已发布第 %d 版，%s 生效", "published as version %d, in effect from %s"}
	sayToken     = words{"读取令牌（只显示这一次）：%s", "token to read with, shown this once: %s"}
)

// helps are what --help says.
var helps = map[string]words{
	"h_hub":               {"收银机的账目汇总到这里，老板在家也能看。", "Takes the summaries of tills and shows them to owners at home."},
	"h_lang":              {"消息的语言；不写就跟随系统。", "Language of messages; where missing, the system's."},
	"h_db":                {"数据库：sqlite:文件 或 postgres://…", "The database: sqlite:FILE or postgres://..."},
	"h_key":               {"这台服务器的签名密钥文件；没有就新建。务必和数据库一起备份，但分开存放。", "File with this hub's signing key, made where missing. Back it up with the database, kept apart from it."},
	"h_serve":             {"运行服务器。", "Run the server."},
	"h_listen":            {"监听地址。", "Address to listen at."},
	"h_url":               {"收银机和浏览器用的地址；不写就用监听地址。", "The address that tills and browsers use; the listening one where missing."},
	"h_tls_cert":          {"TLS 证书（PEM）；不写就用自己做的证书。", "TLS certificate (PEM); a self-made one where missing."},
	"h_tls_key":           {"TLS 证书的私钥（PEM）。", "The certificate's private key (PEM)."},
	"h_proxy":             {"在做 TLS 的代理后面：用 HTTP，并相信 X-Forwarded-For 的最后一个地址。", "Behind a proxy that does TLS: speak HTTP, and believe the last address of X-Forwarded-For."},
	"h_till":              {"收银机。", "Tills."},
	"h_enrol":             {"给一台收银机发一次性代码。", "Give out a single-use code for a till."},
	"h_shop":              {"店名；没有这家店就新建。", "The shop's name; made where there is none."},
	"h_report":            {"一家店的报表，字段和收银机的一样。", "What a shop took, in the fields of the till's own report."},
	"h_shop_read":         {"店名。", "The shop's name."},
	"h_from":              {"从哪个营业日。", "First business day."},
	"h_to":                {"到哪个营业日。", "Last business day."},
	"h_format":            {"格式。", "Form."},
	"h_catalog":           {"几台收银机共用的一份商品目录。", "One catalogue for several tills."},
	"h_catalog_import":    {"把商品表（CSV）放进草稿。", "Put a list of items (CSV) into the draft."},
	"h_catalog_export":    {"把草稿写成商品表（CSV）。", "Write the draft as a list of items (CSV)."},
	"h_catalog_taxes":     {"定税率类别。", "Set the tax classes."},
	"h_catalog_staff":     {"员工：编号和角色，没有密码。", "Staff: codes and roles, never PINs."},
	"h_catalog_staff_set": {"加一个人或改一个人；密码在收银机上设。", "Add or change a person; the PIN is set at the till."},
	"h_catalog_proposals": {"收银机上新加、等下一版的商品。", "Items that were added at tills and wait for the next version."},
	"h_catalog_publish":   {"检查草稿，签名，作为下一版发给收银机。", "Check the draft, sign it and hand it out as the next version."},
	"h_catalog_file":      {"商品表：code,name,name_en,price,unit,tax,category,barcodes。", "The list: code,name,name_en,price,unit,tax,category,barcodes."},
	"h_catalog_whole":     {"表里没有的商品下架。", "Items that are not in the list go off sale."},
	"h_catalog_classes":   {"例如 standard=13%:inclusive food=9%:inclusive。", "For example standard=13%:inclusive food=9%:inclusive."},
	"h_catalog_code":      {"员工编号。", "The person's code."},
	"h_catalog_name":      {"姓名；新员工必填。", "The name; needed for a new person."},
	"h_catalog_role":      {"角色。", "The role."},
	"h_catalog_left":      {"已离职，不能再登录。", "Has left and can no longer sign on."},
	"h_catalog_effective": {"何时生效（本店时间，如 2026-06-18T04:00）；不写就马上。", "When it takes effect, in the shop's time, as 2026-06-18T04:00; at once where missing."},
	"h_catalog_by":        {"谁发布的，收银机上会显示。", "Who publishes it, as tills will say."},
	"h_token":             {"给老板的其他程序发读取令牌。", "Give a program of the owner's a token to read with."},
	"h_token_name":        {"用来认出这个令牌的名字。", "A name to know the token by."},
	"h_owners":            {"看网页的人：老板、会计、安装人员。", "Those who read the pages: owners, bookkeepers, installers."},
	"h_owner_add":         {"加一个人：给出设密码的链接和验证器二维码。", "Add a person: gives a link to set a password, and a QR code for an authenticator."},
	"h_owner_reset":       {"忘了密码或丢了手机：给新链接和新二维码，旧的作废。", "Lost password or phone: a new link and a new QR code; the old ones count no more."},
	"h_owner_remove":      {"不让一个人再登录。", "Take a person's access away."},
	"h_email":             {"邮箱。", "Mail address."},
	"h_owner_name":        {"姓名，收银机上显示是谁要求的。", "The name that tills show with what was asked for."},
	"h_role":              {"owner 全部，bookkeeper 只看账，installer 只看收银机。", "owner does all, bookkeeper reads figures, installer sees tills only."},
	"h_owner":             {"哪位老板（邮箱或名称）；只有一位时可以不写。", "Which owner, by mail address or name; may be left out where there is one."},
}
