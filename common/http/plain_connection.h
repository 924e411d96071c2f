// A connection without TLS.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "common/http/connection.h"
#include "common/http/sockets.h"

namespace usher::http {

class PlainConnection final : public Connection {
 public:
  // `scratch`: where all of a thread's connections read to, one after the other.
  static std::shared_ptr<Connection> Make(Exchange& exchange, std::string peer, StreamSocket socket,
                                          std::span<char> scratch);
  PlainConnection(Exchange& exchange, std::string peer, StreamSocket socket,
                  std::span<char> scratch)
      : Connection(exchange, std::move(peer)), socket_(std::move(socket)), scratch_(scratch) {}

 private:
  void StartRead() override;
  void StartWrite(const Output& output) override;
  void ShutDownWriting() override;
  void CloseSocket() override;
  void ReadNow();
  void WriteNow();

  StreamSocket socket_;
  std::span<char> scratch_;
  Output output_;  // what of it is still to be written
};

}  // namespace usher::http
