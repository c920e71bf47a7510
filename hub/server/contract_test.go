package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"guitai/hub/hubtest"
	"guitai/hub/wire"
)

// contract holds every hub of this package's tests to hub/openapi.yaml: each
// answer is one that the file describes, and no request that it forbids is
// answered with success.
var contract = sync.OnceValue(readContract)

type heldContract struct {
	doc    *openapi3.T
	router routers.Router
}

func readContract() *heldContract {
	doc, err := openapi3.NewLoader().LoadFromFile("../openapi.yaml")
	if err == nil {
		err = doc.Validate(context.Background())
	}
	if err != nil {
		panic(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		panic(err)
	}
	return &heldContract{doc, router}
}

func (c *heldContract) hold(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the line broke: there is nobody to answer
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		for _, why := range c.broken(r, body, kept) {
			t.Errorf("%s %s, answered %d, is not as openapi.yaml says: %s", r.Method, r.URL.Path, kept.Code, why)
		}
		maps.Copy(w.Header(), kept.Header())
		w.WriteHeader(kept.Code)
		w.Write(kept.Body.Bytes())
	})
}

// broken lists what of a request and its answer the file does not allow.
func (c *heldContract) broken(r *http.Request, body []byte, kept *httptest.ResponseRecorder) []string {
	in, err := c.asked(r, body)
	if err != nil {
		switch kept.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTemporaryRedirect: // the router's own
			return nil
		}
		return []string{"the file has no such operation"}
	}
	var out []string
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil && kept.Code < 300 {
		out = append(out, "a request that it forbids was done: "+err.Error())
	}
	if err := c.answers(in, kept); err != nil {
		out = append(out, err.Error())
	}
	return out
}

func (c *heldContract) asked(r *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	asked := r.Clone(context.Background())
	asked.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := c.router.FindRoute(asked)
	if err != nil {
		return nil, err
	}
	return &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: bearer}}, nil
}

// answers says what of an answer the file does not describe.
func (c *heldContract) answers(in *openapi3filter.RequestValidationInput, kept *httptest.ResponseRecorder) error {
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: kept.Code, Header: kept.Result().Header, Options: in.Options}
	answer.SetBodyBytes(kept.Body.Bytes())
	return openapi3filter.ValidateResponse(context.Background(), answer)
}

func bearer(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if !strings.HasPrefix(in.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ") {
		return errors.New("no bearer token")
	}
	return nil
}

// follows says what of a value is not as a schema of the file has it.
func (c *heldContract) follows(schema string, raw []byte) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return c.doc.Components.Schemas[schema].Value.VisitJSON(v, openapi3.EnableJSONSchema2020())
}

// patterns records what the generated code serves.
type patterns struct {
	http.ServeMux
	all []string
}

func (p *patterns) HandleFunc(pattern string, f func(http.ResponseWriter, *http.Request)) {
	p.all = append(p.all, pattern)
	p.ServeMux.HandleFunc(pattern, f)
}

// The file and the program have the same operations, and none besides.
func TestEveryOperationIsServedAndNoOther(t *testing.T) {
	var p patterns
	wire.HandlerWithOptions(nil, wire.StdHTTPServerOptions{BaseRouter: &p})
	var file []string
	for path, item := range contract().doc.Paths.Map() {
		for method := range item.Operations() {
			file = append(file, method+" "+path)
		}
	}
	slices.Sort(p.all)
	slices.Sort(file)
	if !slices.Equal(p.all, file) {
		t.Errorf("served %q\nin the file %q", p.all, file)
	}

	h := hubtest.NewHub(t, hubtest.SQLite(t))
	of := strings.NewReplacer("{till}", "00000000-0000-7000-8000-00000000000a", "{epoch}", "1", "{seq}", "1", "{shop}", url.PathEscape("城南店"))
	for path, item := range contract().doc.Paths.Map() {
		for _, method := range []string{"GET", "PUT", "POST", "DELETE", "PATCH"} {
			req, err := http.NewRequest(method, h.URL+of.Replace(path), strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			want := item.GetOperation(method) != nil
			got := strings.HasPrefix(res.Header.Get("Content-Type"), "application/") // the API's own answer, not the router's
			if got != want || !want && res.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d %s", method, path, res.StatusCode, res.Header.Get("Content-Type"))
			}
		}
	}
	for _, path := range []string{"/v1/", "/v1/tills", "/v1/hub/more", "/v1/shops/x", "/v2/hub"} {
		res, err := http.Get(h.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// What tills of each released version send is still taken, counted, and kept
// byte by byte.
func TestGoldenDocumentsAreKeptToTheByte(t *testing.T) {
	names, err := filepath.Glob("../day/testdata/till.day.v1.*.json")
	if err != nil || len(names) != 4 {
		t.Fatal(err, names)
	}
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till := h.Enrolled(t)
		var sent [][]byte
		for i, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := contract().follows("DayDocument", raw); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			raw = bytes.ReplaceAll(raw, []byte("00000000-0000-7000-8000-000000000001"), []byte(till.ID))
			raw = bytes.Replace(raw, []byte(`"seq": 1,`), fmt.Appendf(nil, `"seq": %d,`, i+1), 1)
			if status, got, p := till.Put(t, int64(i+1), raw); status != 200 || got.Result != wire.DeliveryResultStored || got.Sha256 != wire.DigestOf(raw) {
				t.Errorf("%s: %d %+v %+v", name, status, got, p)
			}
			sent = append(sent, raw)
		}
		kept, err := h.Store.Counted(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-01-01", "2026-12-31")
		if err != nil || len(kept) != 3 {
			t.Fatalf("%v, %d are counted", err, len(kept))
		}
		addenda, err := h.Store.Addenda(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-01-01", "2026-12-31")
		if err != nil || len(addenda) != 1 {
			t.Fatalf("%v, %d addenda", err, len(addenda))
		}
		for _, k := range append(kept, addenda...) {
			if !bytes.Equal(k.Body, sent[k.Seq-1]) {
				t.Errorf("%s: other bytes are kept", names[k.Seq-1])
			}
		}
	})
}
