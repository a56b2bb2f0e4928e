package localsqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strings"
)

func md5Of(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is the digest that clients compare: for each attribute in the order of names its name, type and value, each after its
// length, with a byte for the kind of value between type and value. It is empty when there are none.
// Source: SQSDeveloperGuide/sqs-message-metadata.html, "Calculating the MD5 message digest for message attributes".
func md5OfAttributes(attributes map[string]attributeValue) string {
	if len(attributes) == 0 {
		return ""
	}
	digest := md5.New()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[name]
		writeSized(digest, []byte(name))
		writeSized(digest, []byte(value.DataType))
		if value.isBinary() {
			digest.Write([]byte{2})
		} else {
			digest.Write([]byte{1})
		}
		writeSized(digest, value.bytes())
	}
	return hex.EncodeToString(digest.Sum(nil))
}

func writeSized(digest hash.Hash, b []byte) {
	digest.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
	digest.Write(b)
}

// attributeValue is a message attribute in SQS's form.
type attributeValue struct {
	DataType    string  // String, Number or Binary, perhaps followed by a dot and a label
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
}

func (v attributeValue) isBinary() bool { return v.kind() == "Binary" }

// kind is the data type without the label.
func (v attributeValue) kind() string {
	kind, _, _ := strings.Cut(v.DataType, ".")
	return kind
}

func (v attributeValue) bytes() []byte {
	if v.isBinary() || v.StringValue == nil {
		return v.BinaryValue
	}
	return []byte(*v.StringValue)
}
