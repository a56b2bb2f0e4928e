// A path of the dashboard's own, like /conversations/01a2, is no object of the bucket: the page itself knows what to show there. So whoever
// navigates gets the page. What a page loads has an extension in its name, and what scripts ask for is no HTML: those get what there is.
function handler(event) {
  var request = event.request;
  var name = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  var accept = request.headers.accept ? request.headers.accept.value : '';
  if (name.indexOf('.') < 0 && accept.indexOf('text/html') >= 0) {
    request.uri = '/index.html';
  }
  return request;
}
