//go:build judges

package alipay

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"guitai/wallet/sim"
)

// The official SDK for Node runs against the simulator, in both modes; what
// the customer does is asked for on its standard output.
func TestJudgeNodeSDK(t *testing.T) {
	for mode, platform := range map[string]func(*sim.Sim) *sim.Alipay{"keys": sim.NewAlipay, "certificates": sim.NewAlipayWithCertificates} {
		t.Run(mode, func(t *testing.T) {
			s := sim.New(nil)
			p := platform(s)
			s.Add(p)
			srv := httptest.NewServer(s)
			defer srv.Close()
			judged, err := json.Marshal(map[string]any{"gateway": srv.URL + "/alipay/gateway.do", "fields": p.Account().Fields})
			if err != nil {
				t.Fatal(err)
			}
			program := filepath.Join(os.Getenv("JUDGES_DIR"), "alipay.mjs")
			cmd := exec.CommandContext(t.Context(), "node", program)
			cmd.Env, cmd.Stderr = append(os.Environ(), "JUDGED="+string(judged)), os.Stderr
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			checks := 0
			for lines := bufio.NewScanner(out); lines.Scan(); {
				var ask struct {
					Do, Number string
					Purse      sim.Purse
					Checks     int
				}
				if err := json.Unmarshal(lines.Bytes(), &ask); err != nil {
					t.Logf("%s", lines.Text())
					continue
				}
				answer := map[string]string{}
				var err error
				switch ask.Do {
				case "scan":
					err = p.Scan(ask.Number)
				case "capture":
					err = s.Capture("alipay", ask.Number)
				case "code":
					answer["code"] = p.NewCode(ask.Purse)
				case "stranger":
					other, _ := gatewayKeys()
					answer["key"] = pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(other))
				case "badsign":
					s.Fail(sim.Fault{Kind: sim.BadSign})
				case "finish":
					checks = ask.Checks
				default:
					err = fmt.Errorf("no such act: %s", ask.Do)
				}
				if err != nil {
					answer["error"] = err.Error()
				}
				if err := json.NewEncoder(in).Encode(answer); err != nil {
					t.Log(err)
				}
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%s: %v", program, err)
			}
			if checks < 40 {
				t.Errorf("%d checks were made", checks)
			}
			t.Logf("%d checks", checks)
		})
	}
}
