#include "common/http/plain_connection.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace usher::http {

// make_shared would keep the memory for as long as the door remembers the connection.
std::shared_ptr<Connection> PlainConnection::Make(Exchange& exchange, std::string peer,
                                                  StreamSocket socket, std::span<char> scratch) {
  return std::shared_ptr<Connection>(
      new PlainConnection(exchange, std::move(peer), std::move(socket), scratch));
}

void PlainConnection::StartRead() {
  socket_.async_wait(StreamSocket::wait_read,
                     [this, self = shared_from_this()](const ErrorCode& error) {
                       if (closed()) return;
                       if (error) {
                         Ended();
                       } else {
                         ReadNow();
                       }
                     });
}

void PlainConnection::ReadNow() {
  ErrorCode error;
  const size_t got = socket_.read_some(asio::buffer(scratch_.data(), scratch_.size()), error);
  if (error == asio::error::would_block) return StartRead();
  if (error || got == 0) return Ended();
  Received(absl::string_view(scratch_.data(), got));
  sodium_memzero(scratch_.data(), got);
}

void PlainConnection::StartWrite(const Output& output) {
  output_ = output;
  WriteNow();
}

void PlainConnection::WriteNow() {
  while (!output_.head.empty() || !output_.body.empty()) {
    const std::array<asio::const_buffer, 2> buffers = {
        asio::const_buffer(output_.head.data(), output_.head.size()),
        asio::const_buffer(output_.body.data(), output_.body.size())};
    ErrorCode error;
    const size_t sent = socket_.write_some(buffers, error);
    if (error == asio::error::would_block) {
      socket_.async_wait(StreamSocket::wait_write,
                         [this, self = shared_from_this()](const ErrorCode& failed) {
                           if (closed()) return;
                           if (failed) {
                             Written(false);
                           } else {
                             WriteNow();
                           }
                         });
      return;
    }
    if (error) return Written(false);
    const size_t of_head = std::min(sent, output_.head.size());
    output_.head.remove_prefix(of_head);
    output_.body.remove_prefix(sent - of_head);
  }
  Written(true);
}

void PlainConnection::ShutDownWriting() {
  ErrorCode error;
  socket_.shutdown(StreamSocket::shutdown_send, error);
}

void PlainConnection::CloseSocket() {
  ErrorCode error;
  socket_.close(error);
}

}  // namespace usher::http
