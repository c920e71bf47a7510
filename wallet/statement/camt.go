package statement

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// camtDocument is what is read of a BankToCustomerStatement (ISO 20022,
// camt.053.001.02 and later).
type camtDocument struct {
	Statements []struct {
		IBAN     string `xml:"Acct>Id>IBAN"`
		Other    string `xml:"Acct>Id>Othr>Id"`
		Balances []struct {
			Code string `xml:"Tp>CdOrPrtry>Cd"`
			Date string `xml:"Dt>Dt"`
		} `xml:"Bal"`
		Entries []struct {
			Amount struct {
				Value    string `xml:",chardata"`
				Currency string `xml:"Ccy,attr"`
			} `xml:"Amt"`
			Sign     string `xml:"CdtDbtInd"`
			Reversal bool   `xml:"RvslInd"`
			Status   struct {
				Text string `xml:",chardata"`
				Code string `xml:"Cd"` // version 8 and later
			} `xml:"Sts"`
			Day     string `xml:"BookgDt>Dt"`
			At      string `xml:"BookgDt>DtTm"`
			Bank    string `xml:"AcctSvcrRef"`
			Details []struct {
				EndToEnd string `xml:"Refs>EndToEndId"`
				Remit    string `xml:"RmtInf>Ustrd"`
			} `xml:"NtryDtls>TxDtls"`
		} `xml:"Ntry"`
	} `xml:"BkToCstmrStmt>Stmt"`
}

// IsCamt reports whether a file is a camt statement.
func IsCamt(raw []byte) bool {
	return bytes.Contains(raw[:min(len(raw), 4096)], []byte("camt.053"))
}

// camtDays tells the days of the booked entries and of the balances.
func camtDays(raw []byte, zone *time.Location, seen func(time.Time)) error {
	var doc camtDocument
	if err := xml.Unmarshal(raw, &doc); err != nil {
		return damaged("the statement is cut off or no XML", err)
	}
	for _, s := range doc.Statements {
		for _, b := range s.Balances {
			if t, err := time.ParseInLocation(time.DateOnly, b.Date, zone); err == nil && b.Code == "CLBD" {
				seen(t)
			}
		}
		for _, e := range s.Entries {
			day := e.Day
			if e.At != "" && len(e.At) >= len(time.DateOnly) {
				day = e.At[:len(time.DateOnly)]
			}
			if t, err := time.ParseInLocation(time.DateOnly, day, zone); err == nil {
				seen(t)
			}
		}
	}
	return nil
}

// ReadCamt reads the booked entries of a day. It is final where a closing
// balance of that day or a later one stands in it.
func ReadCamt(raw []byte, day time.Time) (wallet.Bill, error) {
	var doc camtDocument
	if err := xml.Unmarshal(raw, &doc); err != nil {
		return wallet.Bill{}, damaged("the statement is cut off or no XML", err)
	}
	if len(doc.Statements) == 0 {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherWallet, Detail: "the file holds no statement of a bank (camt.053)"}
	}
	b := wallet.Bill{Day: day, Raw: raw, Name: "camt.053.xml"}
	date, month, other := day.Format(time.DateOnly), false, ""
	for _, s := range doc.Statements {
		account := cmp.Or(s.IBAN, s.Other)
		if b.Merchant != "" && account != b.Merchant {
			return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherMerchant, Detail: "the file holds statements of several accounts"}
		}
		b.Merchant = account
		for _, balance := range s.Balances {
			b.Final = b.Final || balance.Code == "CLBD" && balance.Date >= date
			month = month || strings.HasPrefix(balance.Date, date[:7])
		}
		for n, e := range s.Entries {
			at := day
			booked := e.Day
			if e.At != "" {
				t, err := time.Parse(time.RFC3339, e.At)
				if err != nil {
					if t, err = time.ParseInLocation("2006-01-02T15:04:05", e.At, day.Location()); err != nil {
						return wallet.Bill{}, damaged(fmt.Sprintf("entry %d", n+1), err)
					}
				}
				at = t.In(day.Location())
				booked = at.Format(time.DateOnly)
			}
			if _, err := time.Parse(time.DateOnly, booked); err != nil {
				return wallet.Bill{}, damaged(fmt.Sprintf("entry %d has no day", n+1), err)
			}
			if strings.HasPrefix(booked, date[:7]) {
				month = true
			} else {
				other = booked
			}
			if status := cmp.Or(strings.TrimSpace(e.Status.Code), strings.TrimSpace(e.Status.Text)); booked != date || status != "" && status != "BOOK" {
				continue
			}
			cur, err := money.CurrencyOf(e.Amount.Currency)
			if err != nil {
				return wallet.Bill{}, damaged(fmt.Sprintf("entry %d", n+1), err)
			}
			amount, err := cur.Parse(strings.TrimSpace(e.Amount.Value))
			if err != nil || amount < 0 {
				return wallet.Bill{}, damaged(fmt.Sprintf("entry %d has no amount", n+1), err)
			}
			row := wallet.BillRow{Provider: e.Bank, At: at, Amount: amount, Currency: cur.Code}
			if len(e.Details) == 1 {
				row.State = strings.TrimSpace(e.Details[0].Remit)
				if id := e.Details[0].EndToEnd; id != "NOTPROVIDED" {
					row.Number = id
				}
			}
			if e.Sign == "DBIT" {
				row.Refund = cmp.Or(row.Number, "out")
			}
			b.Rows = append(b.Rows, row)
		}
	}
	if !month && other != "" {
		return wallet.Bill{}, &wallet.BillError{Fault: wallet.BillOtherDay, Detail: "the statement is of " + other + ", not of " + date}
	}
	return b, nil
}
