// A shop would have the script tag in its page. Here `omni dev` says where it runs, and the address of the page may say how the chat is to be:
// ?lang=de&dir=rtl&accent=%237a3b2e&consent=required
window.OmniChat = [
  (chat) => {
    document.querySelector("#ask").addEventListener("click", () => chat.open());
    const { title } = document;
    chat.on("unread", ({ count }) => {
      document.title = count > 0 ? `(${count}) ${title}` : title;
    });
  },
];

async function addChat() {
  const { endpoint, account } = await (await fetch("/omni-demo.json")).json();
  const script = document.createElement("script");
  script.src = `${endpoint}/widget/v1/omni-chat.js`;
  const wishes = Object.fromEntries(new URLSearchParams(location.search));
  Object.assign(script.dataset, { accent: "#8a4b14", endpoint, account, ...wishes });
  document.head.append(script);
}

void addChat();
