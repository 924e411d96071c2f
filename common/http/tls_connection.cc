#include "common/http/tls_connection.h"

#include <openssl/ssl.h>
#include <sodium.h>

#include <boost/asio/write.hpp>
#include <utility>

#include "common/base/log.h"
#include "common/base/secret.h"

namespace usher::http {
namespace {

// Clients that offer protocols are told which one (RFC 7301): ours is HTTP/1.1 alone.
int ChooseProtocol(SSL* /*connection*/, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  static constexpr unsigned char kProtocol[] = "\x08http/1.1";
  const int found = SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, kProtocol,
                                          sizeof(kProtocol) - 1, offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::shared_ptr<asio::ssl::context> ContextOf(const rpc::InternalTls& content, ErrorCode* error) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, ChooseProtocol, nullptr);
  context->use_certificate_chain(asio::buffer(content.certificate), *error);
  if (!*error) context->use_private_key(asio::buffer(content.key), asio::ssl::context::pem, *error);
  return context;
}

}  // namespace

std::shared_ptr<asio::ssl::context> TlsContexts::current() {
  if (files_ == nullptr) return nullptr;
  std::shared_ptr<const rpc::InternalTls> content = files_->current();
  if (content == content_) return context_;
  content_ = std::move(content);
  ErrorCode error;
  std::shared_ptr<asio::ssl::context> made = ContextOf(*content_, &error);
  if (error) {
    log::Warning("the JSON port does not take the new certificate", {{"error", error.message()}});
  } else {
    context_ = std::move(made);
  }
  return context_;
}

std::shared_ptr<Connection> TlsConnection::Make(Exchange& exchange, std::string peer,
                                                StreamSocket socket, TlsContexts& contexts) {
  std::shared_ptr<asio::ssl::context> context = contexts.current();
  if (context == nullptr) return nullptr;
  return std::shared_ptr<Connection>(
      new TlsConnection(exchange, std::move(peer), std::move(socket), std::move(context)));
}

// The first one shakes hands before.
void TlsConnection::StartRead() {
  if (!shaken_) {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [this, self = shared_from_this()](const ErrorCode& error) {
                              if (closed()) return;
                              if (error) return Ended();
                              shaken_ = true;
                              StartRead();
                            });
    return;
  }
  stream_.async_read_some(asio::buffer(input_),
                          [this, self = shared_from_this()](const ErrorCode& error, size_t got) {
                            if (closed()) return;
                            if (error || got == 0) return Ended();
                            // Received may begin to read the next ones, which OpenSSL may have
                            // already.
                            std::string bytes(input_.data(), got);
                            sodium_memzero(input_.data(), got);
                            Received(bytes);
                            WipeText(bytes);
                          });
}

void TlsConnection::StartWrite(const Output& output) {
  const std::array<asio::const_buffer, 2> buffers = {
      asio::const_buffer(output.head.data(), output.head.size()),
      asio::const_buffer(output.body.data(), output.body.size())};
  asio::async_write(stream_, buffers,
                    [this, self = shared_from_this()](const ErrorCode& error, size_t) {
                      if (!closed()) Written(!error);
                    });
}

void TlsConnection::ShutDownWriting() {
  // Whole answers have their lengths: nobody waits for TLS to say that it ends.
  ErrorCode error;
  stream_.next_layer().shutdown(StreamSocket::shutdown_send, error);
}

void TlsConnection::CloseSocket() {
  ErrorCode error;
  stream_.next_layer().close(error);
}

}  // namespace usher::http
