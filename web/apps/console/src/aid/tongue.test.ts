import { expect, it } from "vitest";
import { foreign, tongueOf } from "./tongue";

it("tells languages by their letters", () => {
  expect(tongueOf("我的车打不着火了")).toBe("zh");
  expect(tongueOf("車のエンジンがかかりません")).toBe("ja");
  expect(tongueOf("차가 시동이 안 걸려요")).toBe("ko");
  expect(tongueOf("Машина не заводится")).toBe("ru");
  expect(tongueOf("السيارة لا تعمل")).toBe("ar");
  expect(tongueOf("My car does not start")).toBe("en");
});

it("offers nothing for what is in no language", () => {
  for (const text of ["LSVAA4182E2184847", "P0420", "ok", "https://example.com/a/b", "123456", "😀", "VIN LSVAA4182E2184847"]) expect(foreign(text, "zh"), text).toBe(false);
});

it("offers what the reader may not read", () => {
  expect(foreign("My car does not start", "zh")).toBe(true);
  expect(foreign("My car does not start", "en")).toBe(false);
  expect(foreign("我的车打不着火了", "zh")).toBe(false);
  expect(foreign("我的车打不着火了", "en")).toBe(true);
  expect(foreign("我的 Model 3 亮了 ABS 灯", "zh")).toBe(false);
});
