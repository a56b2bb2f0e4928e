package wire

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// maxDepth is how deep values may nest, as in encoding/json.
const maxDepth = 10000

// scanner goes through JSON text once, without taking it apart further than it is asked to. Each method goes over what it is named after, and
// reports whether that is well-formed, in the eyes of encoding/json.
type scanner struct {
	raw   []byte
	at    int
	depth int
}

// peek skips white space and returns the byte behind it; 0: there is none.
func (s *scanner) peek() byte {
	for ; s.at < len(s.raw); s.at++ {
		switch c := s.raw[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take goes over a byte, if it is the next one.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// end reports whether nothing but white space follows.
func (s *scanner) end() bool { return s.peek() == 0 && s.at == len(s.raw) }

func (s *scanner) value() bool {
	switch s.peek() {
	case '{':
		return s.object(nil)
	case '[':
		return s.array(nil)
	case '"':
		return s.text()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

// object shows each member to visit, if that is not nil.
func (s *scanner) object(visit func(key, value []byte)) bool {
	return s.list('{', '}', func() bool {
		s.peek()
		key := s.at
		if !s.text() {
			return false
		}
		keyEnd := s.at
		if !s.take(':') {
			return false
		}
		s.peek()
		value := s.at
		if !s.value() {
			return false
		}
		if visit != nil {
			visit(s.raw[key:keyEnd], s.raw[value:s.at:s.at])
		}
		return true
	})
}

// array shows each element to visit, if that is not nil.
func (s *scanner) array(visit func(value []byte)) bool {
	return s.list('[', ']', func() bool {
		s.peek()
		value := s.at
		if !s.value() {
			return false
		}
		if visit != nil {
			visit(s.raw[value:s.at:s.at])
		}
		return true
	})
}

// list goes over what has commas between its items.
func (s *scanner) list(opening, closing byte, item func() bool) bool {
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > maxDepth || !s.take(opening) {
		return false
	}
	if s.take(closing) {
		return true
	}
	for item() {
		if s.take(closing) {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
	return false
}

func (s *scanner) text() bool {
	if s.at == len(s.raw) || s.raw[s.at] != '"' {
		return false
	}
	for s.at++; s.at < len(s.raw); s.at++ {
		switch c := s.raw[s.at]; {
		case c == '"':
			s.at++
			return true
		case c < ' ':
			return false
		case c == '\\' && !s.escape():
			return false
		}
	}
	return false
}

// escape goes to the last byte of what a backslash begins.
func (s *scanner) escape() bool {
	s.at++
	if s.at == len(s.raw) {
		return false
	}
	if s.raw[s.at] != 'u' {
		return bytes.IndexByte([]byte(`"\/bfnrt`), s.raw[s.at]) >= 0
	}
	for range 4 {
		s.at++
		if s.at == len(s.raw) || bytes.IndexByte([]byte("0123456789abcdefABCDEF"), s.raw[s.at]) < 0 {
			return false
		}
	}
	return true
}

func (s *scanner) word(want string) bool {
	if !bytes.HasPrefix(s.raw[s.at:], []byte(want)) {
		return false
	}
	s.at += len(want)
	return true
}

func (s *scanner) number() bool {
	s.sign("-")
	if s.at < len(s.raw) && s.raw[s.at] == '0' {
		s.at++ // no digit may follow
	} else if !s.digits() {
		return false
	}
	if s.at < len(s.raw) && s.raw[s.at] == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if s.at < len(s.raw) && (s.raw[s.at] == 'e' || s.raw[s.at] == 'E') {
		s.at++
		s.sign("+-")
		return s.digits()
	}
	return true
}

// sign goes over one of the signs, if there is one.
func (s *scanner) sign(signs string) {
	if s.at < len(s.raw) && bytes.IndexByte([]byte(signs), s.raw[s.at]) >= 0 {
		s.at++
	}
}

// digits goes over at least one digit.
func (s *scanner) digits() bool {
	began := s.at
	for s.at < len(s.raw) && s.raw[s.at] >= '0' && s.raw[s.at] <= '9' {
		s.at++
	}
	return s.at > began
}

// unquote is the value of a string that was gone over. Most need no more than to lose their quotes.
func unquote(raw []byte) string {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	_ = json.Unmarshal(raw, &s) // it is well-formed
	return s
}

// quote appends a string in JSON's form.
func quote(to []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || bytes.IndexByte([]byte(`"\<>&`), c) >= 0 {
			quoted, _ := json.Marshal(s) // of a string it cannot fail
			return append(to, quoted...)
		}
	}
	return append(append(append(to, '"'), s...), '"')
}
