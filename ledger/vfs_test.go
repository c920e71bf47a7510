package ledger

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A VFS of our own over the system's: it writes down every write, truncation,
// sync and deletion that SQLite asks for, and fails those it is told to. See
// https://www.sqlite.org/vfs.html and, for the idea of the tests,
// https://www.sqlite.org/testing.html sections 3.2 and 3.3.

// shimName is what a DSN calls the VFS by.
const shimName = "guitai-recording"

// A call is one thing SQLite asked of the disk.
type call struct {
	op   op
	file string // base name
	at   int64  // offset of a write, length of a truncation, or what an ack acknowledges
	data []byte
}

type op uint8

const (
	opWrite op = iota
	opTruncate
	opSync
	opDelete
	opAck // not SQLite's: a sale was acknowledged here
)

// A disk is what the VFS keeps about one folder.
type disk struct {
	mu    sync.Mutex
	calls []call
	keep  bool // whether calls are written down
	count int  // writes, truncations and syncs so far
	// fail decides about the nth call, from 1; 0 lets it through.
	fail func(n int, c call) int32
}

func (d *disk) ack(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, call{op: opAck, at: n})
}

// on takes one call down and returns what to answer without asking the system,
// or 0.
func (d *disk) on(c call) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if d.fail != nil {
		if rc := d.fail(d.count, c); rc != 0 {
			return rc
		}
	}
	if d.keep {
		d.calls = append(d.calls, c)
	}
	return 0
}

// shim is the VFS and what it knows. SQLite keeps pointers into it for ever.
var shim struct {
	once    sync.Once
	vfs     sqlite3.Tsqlite3_vfs
	methods sqlite3.Tsqlite3_io_methods
	real    uintptr // the system's VFS

	mu    sync.Mutex
	disks map[string]*disk
	files map[uintptr]shimmed
	next  uintptr
}

type shimmed struct {
	disk *disk
	name string
}

// A shimFile is what stands in front of the system's own sqlite3_file.
type shimFile struct {
	methods uintptr
	handle  uintptr
}

// watch returns the disk that keeps what happens in dir from now on.
func watch(t testing.TB, dir string) *disk {
	t.Helper()
	shim.once.Do(registerShim)
	d := &disk{}
	shim.mu.Lock()
	defer shim.mu.Unlock()
	shim.disks[dir] = d
	t.Cleanup(func() {
		shim.mu.Lock()
		defer shim.mu.Unlock()
		delete(shim.disks, dir)
	})
	return d
}

func at[T any](p uintptr) *T { return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&p))) }

// fn reads a C function pointer as the Go function it is.
func fn[F any](p uintptr) F {
	box := &struct{ p uintptr }{p}
	return *(*F)(unsafe.Pointer(box))
}

// set stores a Go function where C keeps a function pointer.
func set[F any](p *uintptr, f F) { *(*F)(unsafe.Pointer(p)) = f }

func registerShim() {
	shim.disks, shim.files = map[string]*disk{}, map[uintptr]shimmed{}
	tls := libc.NewTLS()
	shim.real = sqlite3.Xsqlite3_vfs_find(tls, 0)
	shim.vfs = *at[sqlite3.Tsqlite3_vfs](shim.real)
	name, err := libc.CString(shimName)
	if err != nil {
		panic(err)
	}
	shim.vfs.FzName, shim.vfs.FpNext = name, 0
	shim.vfs.FszOsFile += int32(unsafe.Sizeof(shimFile{}))
	set(&shim.vfs.FxOpen, shimOpen)
	set(&shim.vfs.FxDelete, shimDelete)
	m := &shim.methods
	m.FiVersion = 2 // with shared memory for the log, without memory mapping
	set(&m.FxClose, shimClose)
	set(&m.FxRead, shimRead)
	set(&m.FxWrite, shimWrite)
	set(&m.FxTruncate, shimTruncate)
	set(&m.FxSync, shimSync)
	set(&m.FxFileSize, shimFileSize)
	set(&m.FxLock, shimLock)
	set(&m.FxUnlock, shimUnlock)
	set(&m.FxCheckReservedLock, shimCheckReservedLock)
	set(&m.FxFileControl, shimFileControl)
	set(&m.FxSectorSize, shimSectorSize)
	set(&m.FxDeviceCharacteristics, shimCharacteristics)
	set(&m.FxShmMap, shimShmMap)
	set(&m.FxShmLock, shimShmLock)
	set(&m.FxShmBarrier, shimShmBarrier)
	set(&m.FxShmUnmap, shimShmUnmap)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&shim.vfs)), 0); rc != sqlite3.SQLITE_OK {
		panic(rc)
	}
}

// inner returns the system's file behind ours, and its methods.
func inner(f uintptr) (uintptr, *sqlite3.Tsqlite3_io_methods) {
	f += unsafe.Sizeof(shimFile{})
	return f, at[sqlite3.Tsqlite3_io_methods](*at[uintptr](f))
}

func told(f uintptr, c call) int32 {
	shim.mu.Lock()
	s := shim.files[at[shimFile](f).handle]
	shim.mu.Unlock()
	if s.disk == nil {
		return 0
	}
	c.file = s.name
	return s.disk.on(c)
}

func shimOpen(tls *libc.TLS, _, name, f uintptr, flags int32, out uintptr) int32 {
	own := at[shimFile](f)
	*own = shimFile{}
	behind := f + unsafe.Sizeof(shimFile{})
	*at[uintptr](behind) = 0
	rc := fn[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](at[sqlite3.Tsqlite3_vfs](shim.real).FxOpen)(tls, shim.real, name, behind, flags, out)
	if *at[uintptr](behind) == 0 {
		return rc // SQLite closes what has methods only
	}
	var s shimmed
	shim.mu.Lock()
	if name != 0 {
		path := libc.GoString(name)
		s = shimmed{shim.disks[filepath.Dir(path)], filepath.Base(path)}
	}
	shim.next++
	own.handle = shim.next
	shim.files[own.handle] = s
	shim.mu.Unlock()
	own.methods = uintptr(unsafe.Pointer(&shim.methods))
	return rc
}

func shimDelete(tls *libc.TLS, _, name uintptr, dirSync int32) int32 {
	path := libc.GoString(name)
	shim.mu.Lock()
	d := shim.disks[filepath.Dir(path)]
	shim.mu.Unlock()
	if d != nil && !strings.HasSuffix(path, "-shm") {
		if rc := d.on(call{op: opDelete, file: filepath.Base(path)}); rc != 0 {
			return rc
		}
	}
	return fn[func(*libc.TLS, uintptr, uintptr, int32) int32](at[sqlite3.Tsqlite3_vfs](shim.real).FxDelete)(tls, shim.real, name, dirSync)
}

func shimClose(tls *libc.TLS, f uintptr) int32 {
	shim.mu.Lock()
	delete(shim.files, at[shimFile](f).handle)
	shim.mu.Unlock()
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr) int32](m.FxClose)(tls, b)
}

func shimRead(tls *libc.TLS, f, buf uintptr, n int32, off int64) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](m.FxRead)(tls, b, buf, n, off)
}

func shimWrite(tls *libc.TLS, f, buf uintptr, n int32, off int64) int32 {
	data := append([]byte(nil), unsafe.Slice(at[byte](buf), int(n))...)
	if rc := told(f, call{op: opWrite, at: off, data: data}); rc != 0 {
		return rc
	}
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](m.FxWrite)(tls, b, buf, n, off)
}

func shimTruncate(tls *libc.TLS, f uintptr, size int64) int32 {
	if rc := told(f, call{op: opTruncate, at: size}); rc != 0 {
		return rc
	}
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int64) int32](m.FxTruncate)(tls, b, size)
}

func shimSync(tls *libc.TLS, f uintptr, flags int32) int32 {
	if rc := told(f, call{op: opSync}); rc != 0 {
		return rc
	}
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32) int32](m.FxSync)(tls, b, flags)
}

func shimFileSize(tls *libc.TLS, f, size uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, uintptr) int32](m.FxFileSize)(tls, b, size)
}

func shimLock(tls *libc.TLS, f uintptr, n int32) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32) int32](m.FxLock)(tls, b, n)
}

func shimUnlock(tls *libc.TLS, f uintptr, n int32) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32) int32](m.FxUnlock)(tls, b, n)
}

func shimCheckReservedLock(tls *libc.TLS, f, out uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, uintptr) int32](m.FxCheckReservedLock)(tls, b, out)
}

func shimFileControl(tls *libc.TLS, f uintptr, n int32, arg uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32, uintptr) int32](m.FxFileControl)(tls, b, n, arg)
}

func shimSectorSize(tls *libc.TLS, f uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr) int32](m.FxSectorSize)(tls, b)
}

func shimCharacteristics(tls *libc.TLS, f uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr) int32](m.FxDeviceCharacteristics)(tls, b)
}

func shimShmMap(tls *libc.TLS, f uintptr, page, size, extend int32, out uintptr) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32](m.FxShmMap)(tls, b, page, size, extend, out)
}

func shimShmLock(tls *libc.TLS, f uintptr, off, n, flags int32) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32, int32, int32) int32](m.FxShmLock)(tls, b, off, n, flags)
}

func shimShmBarrier(tls *libc.TLS, f uintptr) {
	b, m := inner(f)
	fn[func(*libc.TLS, uintptr)](m.FxShmBarrier)(tls, b)
}

func shimShmUnmap(tls *libc.TLS, f uintptr, remove int32) int32 {
	b, m := inner(f)
	return fn[func(*libc.TLS, uintptr, int32) int32](m.FxShmUnmap)(tls, b, remove)
}
