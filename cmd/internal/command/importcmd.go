package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"guitai/ledger"
)

type importCmd struct {
	Items importItems `cmd:"" help:"${h_items}"`
}

type importItems struct {
	File string `arg:"" help:"${h_file}"`
}

var (
	errListEmpty   = words{"%s 是空的", "%s is empty"}
	errListBinary  = words{"%s 不是文本文件", "%s is no text"}
	errListColumns = words{"%s 的列认不出来", "the columns of %s are not known"}
	nextListBinary = words{"请在表格软件里另存为 CSV 再导入。", "Save it as CSV in the spreadsheet program, then import that."}
	nextColumns    = words{
		"第一行要有列名：商品编号或条码（code、barcodes），名称或价格（name、price），如 code,name,name_en,price,unit,tax,category,barcodes。也可以在窗口的导入页面逐列指定，以后会记住。",
		"The first line must name the columns: a code or barcodes, and a name or a price, as code,name,name_en,price,unit,tax,category,barcodes. On the import page of the window each column can be chosen by hand, once.",
	}
	safeImport   = words{"商品没有改动。", "No item has changed."}
	tellImported = words{"已读 %d%%", "read %d %%"}
	tellFault    = words{"第 %d 行：%s：%s（%s）", "line %d: %s: %s (%s)"}
	tellLeftOut  = words{"%d 行没有导入，其余的已经导入。", "%d rows were left out; the rest is imported."}
	nextAside    = words{"没有导入的行在 %s：改好后再导入这个文件即可。", "The rows left out are in %s: mend them there and import that file."}
	tellUntaxed  = words{"有 %d 行的税率本店没有设，用了默认税类。", "%d rows have a tax rate that the shop has no class for; they have the usual class."}
	errNotStored = words{"暂存标准输入失败：%v", "cannot keep standard input: %v"}
)

// rowFaults say what is wrong with a row that was left out, by the code words
// of ledger.ListFault.
var rowFaults = map[string]words{
	"encoding":    {"有乱码，编码不对", "some characters are broken; the encoding is wrong"},
	"quote":       {"引号没有闭合", "a quotation mark is not closed"},
	"long":        {"这一行太长", "the line is too long"},
	"columns":     {"单元格比列名多，可能有没加引号的逗号", "more cells than columns; a comma may lack its quotation marks"},
	"name":        {"新商品没有名称", "a new item needs a name"},
	"name_long":   {"名称太长", "the name is too long"},
	"text":        {"单位或分类太长，或有不能显示的字符", "a unit or category is too long, or a character cannot be shown"},
	"price":       {"价格不对或没有", "the price is missing or is none"},
	"price_minus": {"价格是负数", "the price is below zero"},
	"price_large": {"价格太大", "the price is too large"},
	"price_from":  {"生效日期不对，要写成 2026-07-01", "the date of the price is none; write 2026-07-01"},
	"no_code":     {"没有编号也没有条码", "neither a code nor a barcode"},
	"code_long":   {"编号或条码太长", "the code or barcode is too long"},
	"check_digit": {"条码的校验位不对，扫码时会找不到", "the check digit of the barcode is wrong; a scan would not find it"},
	"number":      {"表格软件把条码变成了科学计数，请把这一列设为文本", "a spreadsheet program turned the barcode into a number; make the column text"},
	"tax":         {"没有这个税类", "the shop has no such tax class"},
	"twice":       {"编号或条码与前面的行重复", "an earlier row has the code or barcode"},
	"taken":       {"编号或条码是另一个商品的", "another item has the code or barcode"},
}

// Run imports a list, names the rows that it leaves out, and ends with 1 where
// there are any.
func (c *importItems) Run(e *env) error {
	file, drop, err := e.listFile(c.File)
	if err != nil {
		return err
	}
	defer drop()
	l, err := e.open()
	if err != nil {
		return err
	}
	defer l.Close()
	last := time.Now()
	done, err := l.TakeList(e.ctx, file, ledger.ListOptions{
		By: ownerCode,
		Progress: func(done, of int) {
			if time.Since(last) > 5*time.Second {
				e.tell(tellImported, 100*done/of)
				last = time.Now()
			}
		},
		Fault: func(f ledger.ListFault) { e.tell(tellFault, f.Row, f.Code, rowFaults[f.Code].in(e.lang), f.Detail) },
	})
	if err != nil {
		return c.failure(e, err)
	}
	fmt.Fprintf(e.out, "{\"added\":%d,\"changed\":%d,\"same\":%d,\"aside\":%d}\n", done.Added, done.Changed, done.Same, done.Aside)
	if done.Untaxed > 0 {
		e.tell(tellUntaxed, done.Untaxed)
	}
	if done.Aside == 0 {
		return nil
	}
	e.tell(tellLeftOut, done.Aside)
	e.tell(nextAside, done.AsideFile)
	return errFound
}

func (c *importItems) failure(e *env, err error) error {
	f := &failure{args: []any{c.File}, safe: safeImport, err: err}
	switch {
	case errors.Is(err, ledger.ErrListEmpty):
		f.what = errListEmpty
	case errors.Is(err, ledger.ErrListBinary):
		f.what, f.next = errListBinary, nextListBinary
	case errors.Is(err, ledger.ErrListColumns):
		f.what, f.next = errListColumns, nextColumns
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
		f.what, f.args = errOpenFile, []any{c.File, err}
	case ledger.IsUnwritable(err):
		f.what, f.args, f.next = errUnwritable, []any{e.data, err}, nextUnwritable
	default:
		return err
	}
	return f
}

// listFile returns the path of a list; standard input is kept in a file that
// drop removes, as a list is read twice.
func (e *env) listFile(name string) (path string, drop func(), err error) {
	drop = func() {}
	if name != "-" {
		if _, err := os.Stat(name); err != nil {
			return "", drop, &failure{what: errOpenFile, args: []any{name, err}, safe: safeAsWas, err: err}
		}
		return name, drop, nil
	}
	f, err := os.CreateTemp("", "guitai-list-*.csv")
	if err == nil {
		drop = func() { os.Remove(f.Name()) }
		_, err = io.Copy(f, e.in)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		drop()
		return "", func() {}, &failure{what: errNotStored, args: []any{err}, safe: safeAsWas, err: err}
	}
	return f.Name(), drop, nil
}
