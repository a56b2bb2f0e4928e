package channels

import "bytes"

// MaxElements is how many elements the lists of a webhook body may have together: several times what any platform puts into the largest body that is
// accepted. Each may become an event, which costs a thousand times the two bytes of the shortest one.
const MaxElements = 50_000

// Crowded reports whether the lists of a JSON body have more than [MaxElements] elements. What stands in a text counts for nothing, so that nobody who
// writes a message can make its webhook unreadable.
func Crowded(body []byte) bool {
	if bytes.Count(body, []byte{','})+bytes.Count(body, []byte{'['}) <= MaxElements {
		return false
	}
	elements := 0
	var open []byte // the brackets around
	for i := 0; i < len(body) && elements <= MaxElements; i++ {
		switch c := body[i]; c {
		case '"':
			i = textEnd(body, i+1)
		case '[', '{':
			open = append(open, c)
			if c == '[' {
				elements++
			}
		case ']', '}':
			open = open[:max(0, len(open)-1)]
		case ',':
			if len(open) > 0 && open[len(open)-1] == '[' {
				elements++
			}
		}
	}
	return elements > MaxElements
}

// textEnd is where a JSON text ends that has begun before i: at its closing quotation mark, or with the body.
func textEnd(body []byte, i int) int {
	for ; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i
}
