package localsqs

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"regexp"

	"omni/internal/flock"
)

// A journal is a text file. A line is what one call changed: the CRC-32C of the rest in eight hexadecimal digits, a space, and a JSON array
// of changes (change.go) in the order they happened. The first change of the first line is opStart. A line is written by one system call
// before the call is answered. What a crash leaves of a last line does not match its sum; that line was never acknowledged and is cut off.
// A damaged line before the last is no crash's work, and the file is refused.
//
// A journal that holds mostly what is over is written anew beside the old one (path.new) and takes its place by a rename, which is atomic.
// Beside it, path.lock keeps a second process away.
type journal struct {
	path string
	file *os.File
	lock *flock.Lock
	sync bool

	line    []byte // changes that are not written yet
	size    int64  // of the file, as far as its lines are whole
	fresh   int64  // of the file when it was last written anew
	minDead int64  // less growth than this is never worth it
}

const (
	sumWidth       = 9       // of a line's head, with the space
	journalMinDead = 8 << 20 // bytes
)

var lineHead = regexp.MustCompile(`^[0-9a-f]{0,8}$|^[0-9a-f]{8} (\[|$)`)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openJournal replays the journal at path into s and continues it.
func (s *Server) openJournal(path string, sync bool) error {
	lock, err := flock.TryExclusive(path + ".lock")
	if err != nil {
		return err
	}
	j := &journal{path: path, lock: lock, sync: sync, minDead: journalMinDead}
	if err := s.replay(j); err != nil {
		return errors.Join(err, j.close())
	}
	s.journal = j
	if j.size == 0 {
		j.add(change{Op: opStart, Time: s.clock.Now().UnixMilli()})
	}
	if err := s.flush(); err != nil {
		return errors.Join(err, j.close())
	}
	s.tidy()
	return nil
}

func (s *Server) replay(j *journal) error {
	if err := os.Remove(j.path + ".new"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing an unfinished journal: %w", err)
	}
	var err error
	if j.file, err = os.OpenFile(j.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(j.file, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading %s: %w", j.path, err)
		}
		changes, whole := unseal(line)
		if !whole {
			return s.cutTail(j, lines, line)
		}
		if err := s.replayLine(changes, j.size == 0); err != nil {
			return j.unusable("it cannot be replayed from byte %d on: %w", j.size, err)
		}
		j.size += int64(len(line))
	}
}

// cutTail drops a torn last line.
func (s *Server) cutTail(j *journal, rest *bufio.Reader, torn []byte) error {
	if _, err := rest.ReadByte(); !errors.Is(err, io.EOF) {
		return j.unusable("it is damaged at byte %d: the sum is wrong and more follows", j.size)
	}
	if j.size == 0 && !lineHead.Match(torn) {
		return j.unusable("the file is no queue journal") // somebody's other file, which must not be emptied
	}
	s.log.Warn("cutting off what was being written to the queue journal when the process ended",
		"path", j.path, "byte", j.size, "cut", len(torn))
	if err := j.file.Truncate(j.size); err != nil {
		return fmt.Errorf("truncating %s: %w", j.path, err)
	}
	return nil
}

// unusable says what to do about a file that is no journal of this format.
func (j *journal) unusable(why string, args ...any) error {
	return fmt.Errorf("%w; delete %s to begin with empty queues, and lose what waits in them", fmt.Errorf(why, args...), j.path)
}

func (s *Server) replayLine(changes []byte, first bool) error {
	var all []change
	if err := json.Unmarshal(changes, &all); err != nil {
		return err
	}
	if first && (len(all) == 0 || all[0].Op != opStart) {
		return errors.New("it does not begin with " + opStart)
	}
	for _, c := range all {
		if err := s.apply(c); err != nil {
			return err
		}
	}
	return nil
}

// add notes a change for the next flush. It encodes it now, because the state it points to moves on.
func (j *journal) add(c change) {
	if len(j.line) == 0 {
		j.line = append(j.line, "00000000 ["...)
	} else {
		j.line = append(j.line, ',')
	}
	j.line = append(j.line, bytes.TrimSuffix(encode(c), []byte("\n"))...)
}

// seal ends the line that add began.
func (j *journal) seal() []byte {
	j.line = append(j.line, "]\n"...)
	sum := crc32.Checksum(j.line[sumWidth:len(j.line)-1], castagnoli)
	copy(j.line, fmt.Sprintf("%08x", sum))
	return j.line
}

// unseal returns the changes of a line that is whole.
func unseal(line []byte) (changes []byte, whole bool) {
	var sum [4]byte
	if len(line) <= sumWidth || line[len(line)-1] != '\n' {
		return nil, false
	}
	changes = line[sumWidth : len(line)-1]
	if _, err := hex.Decode(sum[:], line[:sumWidth-1]); err != nil {
		return nil, false
	}
	want := uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3])
	return changes, crc32.Checksum(changes, castagnoli) == want
}

// flush writes what was noted. When that fails memory is ahead of the file, and the server answers nothing until [Server.catchUp] has written it:
// whoever called learned of an error, and SQS too may have done what it says it did not.
func (s *Server) flush() error {
	j := s.journal
	if j == nil || len(j.line) == 0 {
		return nil
	}
	j.seal()
	if s.broken = s.write(); s.broken != nil {
		s.log.Error("the queue server answers nothing until its journal can be written", "error", s.broken)
	}
	return s.broken
}

// catchUp writes the line that could not be written before. Nothing else has happened since.
func (s *Server) catchUp() error {
	if s.broken == nil || errors.Is(s.broken, errClosed) {
		return s.broken
	}
	if err := s.journal.file.Truncate(s.journal.size); err != nil { // a part of the line may be there
		return s.broken
	}
	if s.broken = s.write(); s.broken == nil {
		s.log.Info("the queue journal can be written again", "path", s.journal.path)
	}
	return s.broken
}

// write writes the sealed line.
func (s *Server) write() error {
	if err := s.journal.write(); err != nil {
		return fmt.Errorf("writing queue journal: %w", err)
	}
	s.tidy()
	return nil
}

// tidy writes the file anew if that is worth it. That this fails harms nobody.
func (s *Server) tidy() {
	j := s.journal
	if !j.mostlyDead(s.liveSize()) {
		return
	}
	if err := s.compact(); err != nil {
		j.fresh = j.size // not again before it has doubled
		s.log.Error("queue journal not rewritten", "path", j.path, "error", err)
	}
}

func (j *journal) write() error {
	_, err := j.file.Write(j.line)
	if err == nil && j.sync {
		err = j.file.Sync()
	}
	if err != nil {
		return err
	}
	j.size += int64(len(j.line))
	j.line = j.line[:0]
	return nil
}

// mostlyDead tells whether to write the file anew. It waits until the file has doubled since the last time, so the cost of rewriting stays
// in proportion to what is written.
func (j *journal) mostlyDead(live int64) bool {
	grown := j.size - j.fresh
	return grown > j.minDead && grown > j.fresh && j.size > 2*live
}

// compact writes the present state to a new file and goes on in that.
func (s *Server) compact() error {
	old := s.journal
	file, err := os.OpenFile(old.path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	j := &journal{path: old.path, file: file, lock: old.lock, sync: old.sync, minDead: old.minDead}
	err = s.writeSnapshot(j)
	if err == nil {
		err = os.Rename(old.path+".new", old.path)
	}
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(old.path+".new"))
	}
	j.fresh = j.size
	s.journal = j
	s.log.Info("rewrote the queue journal", "path", j.path, "from", old.size, "to", j.size)
	return old.file.Close()
}

func (s *Server) writeSnapshot(j *journal) (err error) {
	out := bufio.NewWriterSize(j.file, 1<<20)
	s.snapshot(s.clock.Now().UnixMilli(), func(c change) {
		j.add(c)
		n, _ := out.Write(j.seal()) // an error stays with the writer and comes out of Flush
		j.size += int64(n)
		j.line = j.line[:0]
	})
	if err := out.Flush(); err != nil {
		return err
	}
	return j.file.Sync() // or a crash of the machine could leave the new name on an empty file
}

func (j *journal) close() error {
	var err error
	if j.file != nil {
		err = j.file.Close()
	}
	return errors.Join(err, j.lock.Release())
}
