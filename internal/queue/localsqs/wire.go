package localsqs

// The requests and answers of the protocol, with SQS's own member names.

type createQueueInput struct {
	QueueName  string
	Attributes map[string]string
}

// queueInput is every request that names a queue and little more.
type queueInput struct {
	QueueUrl       string
	QueueName      string            // GetQueueUrl
	AttributeNames []string          // GetQueueAttributes
	Attributes     map[string]string // SetQueueAttributes
}

type listInput struct {
	QueueUrl        string // ListDeadLetterSourceQueues
	QueueNamePrefix string // ListQueues
	MaxResults      *int
	NextToken       string
}

type queueURLOutput struct{ QueueUrl string }

type attributesOutput struct {
	Attributes map[string]string `json:",omitempty"`
}

type listQueuesOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

type listSourcesOutput struct {
	QueueUrls []string `json:"queueUrls"`
	NextToken string   `json:",omitempty"`
}

// sendEntry is one message to send: an entry of a batch, or, without Id, a whole SendMessage.
type sendEntry struct {
	Id                      string
	MessageBody             string
	DelaySeconds            *int
	MessageAttributes       map[string]attributeValue
	MessageSystemAttributes map[string]attributeValue
	MessageGroupId          *string
	MessageDeduplicationId  *string
}

type sendInput struct {
	QueueUrl string
	sendEntry
}

type sendOutput struct {
	Id                           string `json:",omitempty"`
	MessageId                    string
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	SequenceNumber               string `json:",omitempty"`
}

// receiptEntry is one message to delete or to hide: an entry of a batch, or, without Id, a whole call.
type receiptEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int // ChangeMessageVisibility
}

type receiptInput struct {
	QueueUrl string
	receiptEntry
}

type batchInput[Entry any] struct {
	QueueUrl string
	Entries  []Entry
}

type batchOutput[Result any] struct {
	Successful []Result
	Failed     []batchError
}

type batchResult struct{ Id string }

type batchError struct {
	Id          string
	Code        string
	Message     string
	SenderFault bool
}

type receiveInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	AttributeNames              []string // the deprecated name of MessageSystemAttributeNames
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

type receiveOutput struct {
	Messages []receivedMessage `json:",omitempty"`
}

type receivedMessage struct {
	MessageId              string
	ReceiptHandle          string
	Body                   string
	MD5OfBody              string
	Attributes             map[string]string         `json:",omitempty"`
	MessageAttributes      map[string]attributeValue `json:",omitempty"`
	MD5OfMessageAttributes string                    `json:",omitempty"`
}

type startMoveInput struct {
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int
}

type listMovesInput struct {
	SourceArn  string
	MaxResults *int
}

type moveHandle struct{ TaskHandle string }

type listMovesOutput struct{ Results []moveTask }

// moveTask is also how a task is kept. TaskHandle is shown of running tasks only, so never here.
type moveTask struct {
	handle string

	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	FailureReason                     string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      *int   `json:",omitempty"`
	StartedTimestamp                  int64
	Status                            string
}
