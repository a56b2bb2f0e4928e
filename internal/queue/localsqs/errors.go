package localsqs

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is a refusal as SQS words it.
type Error struct {
	Status  int    // of the HTTP answer
	Type    string // the shape in SQS's model, such as QueueDoesNotExist; it decides the SDK's Go type. Empty: Code
	Code    string // what the SDKs report, such as AWS.SimpleQueueService.NonExistentQueue: the code of the older query protocol
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// senderFault tells whether the caller should change the call (true) or just try again.
func (e *Error) senderFault() bool { return e.Status < http.StatusInternalServerError }

// asError finds the refusal in err. Every other error is ours, and worth a retry.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{http.StatusInternalServerError, "InternalFailure", "InternalFailure", err.Error()}
}

var errClosed = &Error{http.StatusServiceUnavailable, "ServiceUnavailable", "ServiceUnavailable", "The server is closing."}

func refuse(kind, code, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, kind, code, fmt.Sprintf(format, args...)}
}

// refuseSQS is for the errors whose two names differ only by the prefix.
func refuseSQS(kind, format string, args ...any) *Error {
	return refuse(kind, "AWS.SimpleQueueService."+kind, format, args...)
}

func errInvalid(format string, args ...any) *Error {
	return refuse("InvalidParameterValueException", "InvalidParameterValue", format, args...)
}

func errInvalidValue(parameter string, value any, reason string) *Error {
	return errInvalid("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func errMissing(parameter string) *Error {
	return refuse("MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter %s.", parameter)
}

func errAttributeName(format string, args ...any) *Error {
	return refuse("InvalidAttributeName", "InvalidAttributeName", format, args...)
}

func errAttributeValue(name, reason string) *Error {
	return refuse("InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter %s. Reason: %s", name, reason)
}

func errNoQueue() *Error {
	return refuse("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}

func errNoResource(format string, args ...any) *Error {
	const code = "ResourceNotFoundException"
	return &Error{http.StatusNotFound, code, code, fmt.Sprintf(format, args...)}
}

func errReceiptHandle(handle string) *Error {
	const code = "ReceiptHandleIsInvalid"
	return &Error{http.StatusNotFound, code, code, fmt.Sprintf("The input receipt handle %q is not a valid receipt handle.", handle)}
}
