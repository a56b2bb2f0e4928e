package dataset

import (
	"math/rand/v2"
	"strings"
)

// language is a made-up one with the sounds of a real one.
type language struct {
	tag       string // BCP 47
	share     int    // of a hundred contacts
	syllables []string
	words     []string // the most frequent first
}

// wordsEach is how many words a language has.
const wordsEach = 20_000

// zipf is the exponent by which words get rarer. Natural languages have about 1.
const zipf = 1.05

// languages makes the same words each time, whatever the seed: who measures asks for some of them.
func languages() []*language {
	all := []*language{
		{tag: "de", share: 35, syllables: strings.Fields("be ge ver an auf lich ung kei stel zahl gen lie fer wer ten nach mor gen rech nun ge halt tag un ein schaf haus berg")},
		{tag: "en", share: 30, syllables: strings.Fields("the ing er on ti ship or der pay ment late home re turn to day ask ly un for ward pack age in voice bill ed al")},
		{tag: "es", share: 15, syllables: strings.Fields("la el de ci on pe di do en vi o ga ra cia men te ma ña na fac tu ra co mo es ta lle gar pre")},
		{tag: "tr", share: 10, syllables: strings.Fields("bir ve lar ler da de mi yor sun uz sa tış kar go gün ler öde me sip a riş tes lim at ne za man ev yol")},
		{tag: "ru", share: 6, syllables: strings.Fields("при вет за каз дос тав ка воз врат по че му ско ро оп ла та тел сло во де нь на ни ста ро го ем")},
		{tag: "ar", share: 4, syllables: strings.Fields("مر حبا طل بي تو صيل مت ى فا تو رة شك را ال يو م لا نع م ار جا ع دف ع كي ف")},
	}
	for _, l := range all {
		l.words = words(l)
	}
	return all
}

func words(l *language) []string {
	random := rand.New(rand.NewPCG(uint64(len(l.tag))+uint64(l.tag[0])<<8, uint64(l.tag[1])))
	known := map[string]bool{}
	for len(l.words) < wordsEach {
		length := 1 + min(len(l.words)/400, 2) + random.IntN(3) // frequent words are short
		var b strings.Builder
		for range length {
			b.WriteString(l.syllables[random.IntN(len(l.syllables))])
		}
		if word := b.String(); !known[word] {
			known[word] = true
			l.words = append(l.words, word)
		}
	}
	return l.words
}

// Words that are in a message as often as the names say, in every set. See [Options.Messages].
const (
	RareWord   = "quittungsnummer" // in rareTimes messages, whatever the size
	rareTimes  = 40
	AbsentWord = "xylophonkiste" // in none
)

// CommonWords are the most frequent words of two languages. No message has both.
func CommonWords() (german, english string) {
	all := languages()
	return all[0].words[0], all[1].words[0]
}

// speaker makes up what people say in one language.
type speaker struct {
	*language
	rank *rand.Zipf
}

func newSpeakers(random *rand.Rand) []speaker {
	all := languages()
	speakers := make([]speaker, len(all))
	for i, l := range all {
		speakers[i] = speaker{l, rand.NewZipf(random, zipf, 1, wordsEach-1)}
	}
	return speakers
}

func (s speaker) word() string { return s.words[s.rank.Uint64()] }

// sentence has a few words mostly, and now and then many.
func (s speaker) sentence(random *rand.Rand) string {
	n := 1 + int(min(random.ExpFloat64()*8, 120))
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.word())
	}
	return b.String()
}
