package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"guitai/hub/day"
	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/till"
	"guitai/till/money"
)

// reader finds the tenant whose token a request bears.
func (s *Server) reader(r *http.Request) (string, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return "", refuse(http.StatusUnauthorized, wire.ProblemCodeForbidden, "give the token in the header Authorization: Bearer")
	}
	tenant, err := s.store.Reader(r.Context(), token)
	if errors.Is(err, store.ErrNone) {
		return "", refuse(http.StatusUnauthorized, wire.ProblemCodeForbidden, "the token is not known, or was taken back")
	}
	return tenant, err
}

// ListDays gives documents in the order they were taken.
func (s *Server) ListDays(w http.ResponseWriter, r *http.Request, p wire.ListDaysParams) {
	s.serve(w, r, func() (any, error) {
		tenant, err := s.reader(r)
		if err != nil {
			return nil, err
		}
		cursor, most := "", 100
		if p.Since != nil {
			cursor = *p.Since
		}
		if p.Limit != nil {
			most = min(max(*p.Limit, 1), 500)
		}
		docs, next, err := s.store.Since(r.Context(), tenant, cursor, most)
		if errors.Is(err, store.ErrNone) {
			return nil, refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "the cursor is none of this hub's")
		}
		if err != nil {
			return nil, err
		}
		out := wire.DayPage{Cursor: next, Documents: []wire.KeptDocument{}}
		for _, d := range docs {
			one := wire.KeptDocument{Till: d.Till, Epoch: d.Epoch, Seq: d.Seq, Sha256: d.SHA256, ReceivedAt: d.Received, Document: string(d.Body)}
			if d.Quarantined != "" {
				yes := true
				one.Quarantined = &yes
			}
			out.Documents = append(out.Documents, one)
		}
		return out, nil
	})
}

// ShopReport gives what a shop took, in the fields of the till's own report.
func (s *Server) ShopReport(w http.ResponseWriter, r *http.Request, shop string, p wire.ShopReportParams) {
	tenant, err := s.reader(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	csv := p.Format != nil && *p.Format == wire.Csv
	body, err := Report(r.Context(), s.store, tenant, shop, p.From.Format(time.DateOnly), p.To.Format(time.DateOnly), csv)
	switch {
	case errors.Is(err, store.ErrNone):
		err = refuse(http.StatusNotFound, wire.ProblemCodeNotFound, "no shop of this name")
	case errors.Is(err, ErrRange):
		err = refuse(http.StatusBadRequest, wire.ProblemCodeBadRequest, "%v", err)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if csv {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Write(body)
}

// ErrRange refuses a range of days that ends before it begins, or that is
// longer than two years.
var ErrRange = errors.New("from must not be after to, and the range at most two years")

// Figures adds up the shift documents of a shop's tills in a range of business
// days, and gives the documents with them. ErrNone is a shop that the tenant
// does not have.
func Figures(ctx context.Context, st *store.Store, tenant, shop, from, to string) (store.Shop, *till.Report, []wire.DayDocument, error) {
	sh, err := st.Shop(ctx, tenant, shop)
	if err != nil {
		return sh, nil, nil, err
	}
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || b.Before(a) || b.Sub(a) > 2*366*24*time.Hour {
		return sh, nil, nil, ErrRange
	}
	kept, err := st.Counted(ctx, tenant, sh.ID, from, to)
	if err != nil {
		return sh, nil, nil, err
	}
	total := day.NewTotal(a, b)
	docs := make([]wire.DayDocument, 0, len(kept))
	for _, k := range kept {
		doc, _, err := day.Read(k.Body)
		if err != nil {
			return sh, nil, nil, err
		}
		total.Add(&doc)
		docs = append(docs, doc)
	}
	return sh, total.Report(), docs, nil
}

// Report writes what a shop took as the till writes its own report.
func Report(ctx context.Context, st *store.Store, tenant, shop, from, to string, csv bool) ([]byte, error) {
	sh, report, _, err := Figures(ctx, st, tenant, shop, from, to)
	if err != nil {
		return nil, err
	}
	cur := money.Currency{Code: sh.Currency, Exponent: sh.Exponent}
	if csv {
		return day.CSV(report, cur)
	}
	return report.JSON(cur)
}
