package outside

// SendMargin is what an attempt leaves of the function's time.
const SendMargin = sendMargin
