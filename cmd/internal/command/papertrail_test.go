package command

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/spool"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
	"guitai/till/tilltest"
)

// printerEnv holds the folder and the printer's address of a child process that
// sells and prints until it is killed.
const printerEnv = "GUITAI_TEST_SELL_AND_PRINT"

var owner = till.Operator{Code: "1001", Name: "陈宁", Role: till.Owner, Active: true}

// counter is a register and a print queue on one ledger.
type counter struct {
	l     *ledger.Ledger
	reg   *till.Register
	spool *spool.Spool
	stop  func()
}

// attend opens the ledger in dir and sells with the printer at an address.
func attend(ctx context.Context, dir, address string) (*counter, error) {
	l, err := ledger.Open(ctx, dir, ledger.Options{})
	if err != nil {
		return nil, err
	}
	addr, err := port.Parse(address)
	if err != nil {
		return nil, err
	}
	profile, _ := printer.ProfileByID("generic-80")
	c := &counter{l: l}
	c.spool = spool.New(spool.Options{
		Store: l, Printer: spool.Printer{Address: addr, Profile: profile},
		Render: func(ctx context.Context, job till.Job, columns int) (receipt.Document, error) {
			p, err := Paper(ctx, l)
			if err != nil {
				return receipt.Document{}, err
			}
			p.Settings.Paper.Columns = columns
			return Slip(ctx, l, p, job.PrintJob)
		},
	})
	c.reg = till.NewRegister(l, tilltest.Goods(), tilltest.PINs{Staff: []till.Operator{owner}}, till.Options{NewID: ledger.NewID, After: c.spool})
	if err := c.reg.Open(ctx); err != nil {
		return nil, err
	}
	work, cancel := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() { c.reg.Run(work) })
	ended.Go(func() { c.spool.Run(work) })
	c.stop = func() { cancel(); ended.Wait() }
	return c, nil
}

func (c *counter) do(ctx context.Context, commands ...till.Command) error {
	for _, x := range commands {
		if err := c.reg.Act(ctx, till.Act{Command: x}); err != nil {
			return fmt.Errorf("%T: %w", x, err)
		}
	}
	return nil
}

// open signs the owner on and opens a shift where none is.
func (c *counter) open(ctx context.Context) error {
	// The PIN of tilltest's staff is their code.
	if err := c.do(ctx, till.SignOn{Code: owner.Code, PIN: owner.Code}); err != nil {
		return err
	}
	for end := time.Now().Add(5 * time.Second); c.reg.View().Operator == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("nobody is signed on")
		}
	}
	if c.reg.View().Shift != nil {
		return nil
	}
	return c.do(ctx, till.OpenShift{})
}

// sellAndPrint sells one thing for cash, again and again, and says which
// receipt is out. It ends by itself once all is printed.
func sellAndPrint(where string, sales int) error {
	dir, address, _ := strings.Cut(where, "|")
	ctx := context.Background()
	c, err := attend(ctx, dir, address)
	if err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	for range sales {
		if c.reg.View().Sale == nil {
			if err := c.do(ctx, till.Scan{Code: "6901234567892"}); err != nil {
				return err
			}
		}
		if err := c.do(ctx, till.PayCash{}); err != nil {
			return err
		}
		fmt.Println(c.reg.View().Next - 1)
		time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		due, err := c.l.JobsDue(ctx)
		if err != nil {
			return err
		}
		left := 0
		for _, j := range due {
			if j.State != till.JobUncertain {
				left++
			}
		}
		if left == 0 {
			break
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d slips do not print", left)
		}
	}
	c.stop()
	return c.l.Close()
}

// A roll is the paper of a printer on a network socket, which says that all is
// well and that it has printed.
type roll struct {
	address string
	mu      sync.Mutex
	slips   []string // whole ones
	pulses  int
}

func newRoll(t *testing.T) *roll {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r := &roll{address: "tcp://" + l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.print(c)
		}
	}()
	return r
}

func (r *roll) print(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	var slip []byte
	take := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(in, b); err != nil {
			return nil
		}
		return b
	}
	for {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		next, _ := in.Peek(2)
		switch {
		case b == 0x10 && bytes.HasPrefix(next, []byte{4}):
			take(2)
			c.Write([]byte{0x12})
		case b == 0x1d && bytes.Equal(next, []byte{'r', 1}):
			take(2)
			c.Write([]byte{0})
		case b == 0x1b && bytes.HasPrefix(next, []byte{'p'}):
			if take(4) != nil {
				r.mu.Lock()
				r.pulses++
				r.mu.Unlock()
			}
		case b == 0x1b && bytes.HasPrefix(next, []byte{'@'}):
			slip = slip[:0]
		case b == 0x1d && bytes.Equal(next, []byte{'V', 1}):
			take(2)
			r.mu.Lock()
			r.slips = append(r.slips, string(slip))
			r.mu.Unlock()
		default:
			slip = append(slip, b)
		}
	}
}

// printed counts the whole slips of a receipt: first prints and copies.
func (r *roll) printed(t *testing.T, no int) (first, copies int) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.slips {
		switch {
		case !strings.Contains(s, fmt.Sprintf("#%06d", no)):
		case onPaper(t, []byte(s), "补打 COPY"):
			copies++
		default:
			first++
		}
	}
	return first, copies
}

func foundShop(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	settings := till.DefaultSettings()
	settings.Shop.Name = "青禾便利店"
	l, err := ledger.Found(t.Context(), dir, ledger.Founding{Settings: settings}, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.SaveOperator(t.Context(), owner, "", ""), l.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestASaleIsOnPaperWithItsAmounts(t *testing.T) {
	dir, paper := foundShop(t), newRoll(t)
	if err := sellAndPrint(dir+"|"+paper.address, 3); err != nil {
		t.Fatal(err)
	}
	for no := 1; no <= 3; no++ {
		if first, copies := paper.printed(t, no); first != 1 || copies != 0 {
			t.Errorf("receipt %d: %d slips and %d copies", no, first, copies)
		}
	}
	for _, want := range []string{"青禾便利店", "合计", "￥15.90", "15.90", "GT1000002"} {
		if !onPaper(t, []byte(paper.slips[1]), want) {
			t.Errorf("the second slip lacks %s", want)
		}
	}
	if paper.pulses != 3 {
		t.Errorf("the drawer opened %d times in three sales for cash", paper.pulses)
	}
}

// A printer that takes every connection and answers nothing, and one that is
// not there: selling does not notice.
func TestADeadPrinterDelaysNoSale(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, address := range []string{"tcp://" + l.Addr().String(), "tcp://192.0.2.1:9100"} { // TEST-NET-1: nobody
		c, err := attend(t.Context(), foundShop(t), address)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.open(t.Context()); err != nil {
			t.Fatal(err)
		}
		var slowest time.Duration
		for range 20 {
			began := time.Now()
			if err := c.do(t.Context(), till.Scan{Code: "6901234567892"}, till.PayCash{}); err != nil {
				t.Fatal(err)
			}
			slowest = max(slowest, time.Since(began))
		}
		if no := c.reg.View().Next - 1; no != 20 || slowest > time.Second {
			t.Errorf("%s: %d sales, the slowest took %v", address, no, slowest)
		}
		due, err := c.l.JobsDue(t.Context())
		if err != nil || len(due) < 19 {
			t.Errorf("%s: %d slips wait, %v", address, len(due), err)
		}
		began := time.Now()
		c.stop()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: stopping took %v", address, took)
		}
		if err := c.l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A till killed at any moment, and started again: every slip is on paper once,
// or it is one of those that a person is asked about; the drawer opens at most
// once for each sale.
func TestKilledWhilePrintingNothingIsDoubled(t *testing.T) {
	dir, paper := foundShop(t), newRoll(t)
	const kills = 15
	last := 0
	for n := range kills + 1 {
		sales := 1000
		if n == kills {
			sales = 3
		}
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), printerEnv+"="+dir+"|"+paper.address, "GUITAI_TEST_SALES="+strconv.Itoa(sales))
		var says bytes.Buffer
		cmd.Stderr = &says
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var kill sync.Once
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			no, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatalf("the till says %q", lines.Text())
			}
			if last = no; n < kills {
				kill.Do(func() { time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { cmd.Process.Kill() }) })
			}
		}
		if err := cmd.Wait(); n == kills && err != nil {
			t.Fatalf("%v: %s", err, says.String())
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, ledger.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	uncertain := map[int]bool{}
	rows, err := db.QueryContext(t.Context(), "SELECT ref, state FROM print_job WHERE kind = 'receipt'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	jobs := 0
	for rows.Next() {
		var no int
		var state till.JobState
		if err := rows.Scan(&no, &state); err != nil {
			t.Fatal(err)
		}
		jobs++
		switch state {
		case till.JobUncertain:
			uncertain[no] = true
		case till.JobConfirmed:
		case till.JobQueued, till.JobHeld, till.JobSending, till.JobSent, till.JobDropped:
			t.Errorf("receipt %d ended %s", no, state)
		}
	}
	if jobs < last || last < kills {
		t.Errorf("%d jobs for %d receipts", jobs, last)
	}
	if len(uncertain) > kills {
		t.Errorf("%d slips are uncertain after %d kills", len(uncertain), kills)
	}
	for no := 1; no <= jobs; no++ {
		first, copies := paper.printed(t, no)
		if first > 1 || copies > 0 || first == 0 && !uncertain[no] {
			t.Errorf("receipt %d: %d slips and %d copies; uncertain: %t", no, first, copies, uncertain[no])
		}
	}
	var sent, all int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FROM pulse").Scan(&sent, &all); err != nil {
		t.Fatal(err)
	}
	if paper.pulses > sent || sent-paper.pulses > kills || all != jobs {
		t.Errorf("the drawer opened %d times; %d pulses of %d are marked, %d sales", paper.pulses, sent, all, jobs)
	}
	t.Logf("%d sales, %d kills: %d slips uncertain, drawer opened %d times of %d", jobs, kills, len(uncertain), paper.pulses, all)
}
