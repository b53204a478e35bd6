// A planted race: ThreadSanitizer that does not report it reports nothing.
#include <thread>

int main() {
  int shared = 0;
  std::thread other([&shared] { shared += 1; });
  shared += 1;
  other.join();
  return shared == 2 ? 0 : 1;
}
