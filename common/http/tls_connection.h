// A connection with TLS, and the certificates for it.
#pragma once

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>

#include "common/http/connection.h"
#include "common/http/sockets.h"
#include "common/rpc/peer/tls_files.h"

namespace usher::http {

// OpenSSL's form of what is in the files, made anew when that changes. One thread's.
class TlsContexts {
 public:
  // `files` may be null where nobody will ask.
  explicit TlsContexts(std::shared_ptr<rpc::TlsFiles> files) : files_(std::move(files)) {}
  // For the next handshake; null when what is in the files is refused, which the log says.
  std::shared_ptr<asio::ssl::context> current();

 private:
  const std::shared_ptr<rpc::TlsFiles> files_;
  std::shared_ptr<const rpc::InternalTls> content_;
  std::shared_ptr<asio::ssl::context> context_;
};

class TlsConnection final : public Connection {
 public:
  static std::shared_ptr<Connection> Make(Exchange& exchange, std::string peer, StreamSocket socket,
                                          TlsContexts& contexts);
  TlsConnection(Exchange& exchange, std::string peer, StreamSocket socket,
                std::shared_ptr<asio::ssl::context> context)
      : Connection(exchange, std::move(peer)),
        context_(std::move(context)),
        stream_(std::move(socket), *context_) {}

 private:
  void StartRead() override;
  void StartWrite(const Output& output) override;
  void ShutDownWriting() override;
  void CloseSocket() override;

  const std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<StreamSocket> stream_;
  bool shaken_ = false;
  std::array<char, 16 * 1024> input_;
};

}  // namespace usher::http
