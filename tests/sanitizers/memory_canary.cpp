// A planted use after free: AddressSanitizer that does not report it reports nothing.
#include <cstdlib>

int main(int count, char**) {
  auto* const volatile bytes = static_cast<char*>(std::malloc(16));
  bytes[count] = 1;
  std::free(bytes);
  return bytes[count] == 7 ? 1 : 0;
}
