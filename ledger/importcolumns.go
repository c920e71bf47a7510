package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// ListFields are what a column of a list may be; "" leaves it out. price_from
// is the day, YYYY-MM-DD, from whose start the price of the row holds.
var ListFields = []string{"", "code", "name", "name_en", "price", "unit", "tax", "category", "barcodes", "price_from"}

// listNames are the headings that are known for a field, as headingKey makes
// them: this program's own, and what spreadsheets and other tills call them.
var listNames = map[string]string{
	"code":       "code plu sku itemcode itemno itemnumber articleno article productcode productid shortcode 编号 编码 代码 货号 自编码 店内码 商品编号 商品编码 商品代码 商品货号 款号",
	"name":       "name namezh itemname productname product item description title 名称 品名 商品 商品名 商品名称 商品全名 货品名称 产品名称 中文名 中文名称",
	"name_en":    "nameen englishname nameenglish en english 英文名 英文名称 英文品名 外文名",
	"price":      "price unitprice saleprice salesprice sellingprice retailprice listprice 价格 单价 售价 零售价 销售价 销售价格 现价 标价",
	"unit":       "unit uom unitofmeasure 单位 计量单位 销售单位",
	"tax":        "tax taxclass taxcode taxrate vat vatrate 税 税类 税率 税目",
	"category":   "category categories dept department group productgroup type 类别 分类 品类 类目 大类 部门 商品类别 商品分类",
	"barcodes":   "barcodes barcode ean ean13 upc gtin gtin13 条码 条形码 商品条码 国际条码 国条码 主条码",
	"price_from": "pricefrom validfrom effectivefrom effectivedate 生效日期 生效日 执行日期",
}

var listFieldOf = fieldsByName(listNames)

func fieldsByName(names map[string]string) map[string]string {
	of := map[string]string{}
	for field, all := range names {
		for _, name := range strings.Fields(all) {
			of[name] = field
		}
	}
	return of
}

// headingKey is what headings are compared by: letters and digits in lower
// case, without what stands in brackets, as the currency often does.
func headingKey(h string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("(（[【", r):
			depth++
		case strings.ContainsRune(")）]】", r):
			depth = max(0, depth-1)
		case depth == 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return unicode.ToLower(r)
		}
		return -1
	}, h)
}

// asideColumns are the headings that are put behind a list's own where rows of
// it are set aside.
var asideColumns = []string{"guitai_line", "guitai_fault", "guitai_detail"}

// headerKey is what the columns of a list are remembered by.
func headerKey(header []string) string {
	if n := len(header) - len(asideColumns); n > 0 && slices.Equal(header[n:], asideColumns) {
		header = header[:n]
	}
	keys := make([]string, len(header))
	for i, h := range header {
		keys[i] = headingKey(h)
	}
	return strings.Join(keys, "\x1f")
}

// A listForm is how the cells of a list are written, where its header tells.
type listForm struct {
	fields  []string // by column
	minor   bool     // prices are whole minor units
	rate    bool     // taxes are hundredths of a per cent
	weighed int      // column that says 1 for goods sold by weight; -1 for none
}

// workload is the header of the generated workload that tills are measured by.
var workload = strings.Split("id,barcode,name_en,name_zh,pinyin,category,tax_bp,price,weighed", ",")

// knownForm proposes what the columns are, by their headings alone.
func knownForm(header []string) listForm {
	if slices.Equal(header, workload) {
		return listForm{fields: []string{"code", "barcodes", "name_en", "name", "", "category", "tax", "price", ""}, minor: true, rate: true, weighed: 8}
	}
	f := listForm{fields: make([]string, len(header)), weighed: -1}
	for i, h := range header {
		field := listFieldOf[headingKey(h)]
		if slices.Contains(f.fields, field) {
			field = ""
		}
		f.fields[i] = field
	}
	return f
}

// listColumns returns the form of a list: with the columns as a person set
// them the last time, where one did.
func (l *Ledger) listColumns(ctx context.Context, header []string) (listForm, error) {
	form := knownForm(header)
	var kept string
	err := l.r().QueryRowContext(ctx, "SELECT map FROM import_map WHERE header = ?", headerKey(header)).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return form, nil
	}
	if err != nil {
		return form, fmt.Errorf("read how the list's columns were taken: %w", err)
	}
	copy(form.fields, strings.Split(kept, ","))
	return form, nil
}

// keepColumns remembers columns that differ from what their headings say.
func (l *Ledger) keepColumns(ctx context.Context, header, fields []string) error {
	kept := fields
	if n := len(header) - len(asideColumns); n > 0 && slices.Equal(header[n:], asideColumns) {
		kept = fields[:n]
	}
	return l.write(ctx, "remember the list's columns", func(c conn) error {
		if slices.Equal(fields, knownForm(header).fields) {
			_, err := c.ExecContext(ctx, "DELETE FROM import_map WHERE header = ?", headerKey(header))
			return err
		}
		_, err := c.ExecContext(ctx, "INSERT INTO import_map(header, map) VALUES (?, ?) ON CONFLICT DO UPDATE SET map = excluded.map", headerKey(header), strings.Join(kept, ","))
		return err
	})
}

// withFields returns the form with the columns that a person chose; nil keeps
// what is proposed.
func (f listForm) withFields(fields []string) (listForm, error) {
	if fields != nil {
		f.fields = slices.Clone(f.fields)
		copy(f.fields, fields)
	}
	for i, field := range f.fields {
		if !slices.Contains(ListFields, field) || field != "" && slices.Contains(f.fields[:i], field) {
			return f, fmt.Errorf("%w: column %d is taken as %q", ErrListColumns, i+1, field)
		}
	}
	has := func(field string) bool { return slices.Contains(f.fields, field) }
	if !has("price") && !has("name") || !has("code") && !has("barcodes") && !has("name") {
		return f, ErrListColumns
	}
	return f, nil
}
